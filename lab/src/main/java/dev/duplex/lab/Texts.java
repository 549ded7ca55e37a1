package dev.duplex.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The words of the report, in English and in Korean; both stand in the page, and one is shown. */
final class Texts {
    private static final Properties EN = load("en.properties");
    private static final Properties KO = load("ko.properties");

    private Texts() {}

    static Properties load(String name) {
        Properties texts = new Properties();
        try (InputStream in = Texts.class.getResourceAsStream(name)) {
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /** Both, as HTML; each {@code %s} is one of the arguments. */
    static String html(String key, Object... arguments) {
        return "<span class=\"en\" lang=\"en\">" + escaped(text(EN, key, arguments)) + "</span><span class=\"ko\" lang=\"ko\">"
                + escaped(text(KO, key, arguments)) + "</span>";
    }

    /** Both, as texts of a picture at the same place. */
    static String svg(String key, String attributes) {
        return "<text class=\"en\" " + attributes + ">" + escaped(text(EN, key)) + "</text><text class=\"ko\" lang=\"ko\" " + attributes + ">"
                + escaped(text(KO, key)) + "</text>";
    }

    /** The English text alone. */
    static String english(String key) {
        return escaped(text(EN, key));
    }

    private static String text(Properties texts, String key, Object... arguments) {
        String text = texts.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("there is no text " + key);
        }
        for (Object argument : arguments) {
            text = text.replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(String.valueOf(argument)));
        }
        return text;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
