package dev.duplex.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every text of the pages stands in {@code words.js}, in English and in Korean. */
class WordsTest {
    private static final Pattern ENTRY = Pattern.compile("(?:\"([\\w -]+)\"|(\\w+)): \"([^\"]*)\"");
    private static final Pattern HANGUL = Pattern.compile("[가-힣]");

    /** What has no words at all. */
    private static final Set<String> NOTHING = Set.of("through");

    /** Names and units, the same in both. */
    private static final Set<String> NAMES = Set.of("through", "ice", "dtls", "kilobits", "percent", "websocket", "labMillis", "nothingYet");

    private static final Map<String, String> ENGLISH = table(1);
    private static final Map<String, String> KOREAN = table(2);

    private static Map<String, String> table(int index) {
        String part = text(PageFile.WORDS_JS).split("\n  (?:en|ko): \\{\n")[index].split("\n  },")[0];
        Map<String, String> table = new LinkedHashMap<>();
        for (MatchResult entry : ENTRY.matcher(part).results().toList()) {
            String key = entry.group(1) != null ? entry.group(1) : entry.group(2);
            assertThat(table.put(key, entry.group(3))).as("a key stands once: " + key).isNull();
        }
        return table;
    }

    private static String text(PageFile file) {
        return new String(file.bytes(), UTF_8);
    }

    private static Stream<PageFile> files(String ending) {
        return Stream.of(PageFile.values()).filter(file -> file.fileName().endsWith(ending));
    }

    @Test
    void bothLanguagesHaveTheSameTexts() {
        assertThat(KOREAN.keySet()).isEqualTo(ENGLISH.keySet()).hasSizeGreaterThan(150);
    }

    @Test
    void noTextIsEmptyOrUntranslated() {
        ENGLISH.forEach((key, english) -> {
            String korean = KOREAN.get(key);
            assertThat(placeholders(korean)).as(key).isEqualTo(placeholders(english));
            if (!NOTHING.contains(key)) {
                assertThat(english).as(key).isNotBlank();
                assertThat(korean).as(key).isNotBlank();
            }
            assertThat(HANGUL.matcher(english).find()).as("Korean in English: " + key).isFalse();
            assertThat(HANGUL.matcher(korean).find()).as("English in Korean: " + key).isEqualTo(!NAMES.contains(key));
        });
    }

    private static Set<String> placeholders(String text) {
        return Pattern.compile("\\{\\w+}").matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What stands in the HTML is the English text, for those without a script. */
    @ParameterizedTest
    @EnumSource(names = ".*_HTML", mode = EnumSource.Mode.MATCH_ALL)
    void everyWordOfAPageNamesItsText(PageFile page) {
        String html = text(page);
        Pattern.compile("data-word(?:-\\w+)?=\"(\\w+)\"").matcher(html).results().forEach(found -> assertThat(ENGLISH).containsKey(found.group(1)));
        if (page != PageFile.CALL_HTML) {
            Pattern.compile("data-word=\"(\\w+)\"[^>]*>([^<]*)<").matcher(html).results()
                    .forEach(found -> assertThat(found.group(2)).as(found.group(1)).isEqualTo(ENGLISH.get(found.group(1))));
            String bare = html.replaceAll("(?s)<head>.*</head>", "").replaceAll("<h1>.*</h1>", "");
            assertThat(Pattern.compile("<(?![^>]*data-word)[^>]*>\\s*([A-Za-z][^<]*)").matcher(bare).results().map(found -> found.group(1)))
                    .as("words without a name").isEmpty();
        }
    }

    @Test
    void everyTextThatAScriptAsksForIsThere() {
        String scripts = files(".js").map(WordsTest::text).collect(Collectors.joining("\n"));
        assertThat(ENGLISH.keySet()).containsAll(Pattern.compile("say\\(\"(\\w+)\"").matcher(scripts).results().map(found -> found.group(1)).toList());
    }

    @Test
    void everyTextIsUsed() {
        String all = Stream.concat(files(".js").filter(file -> file != PageFile.WORDS_JS), files(".html")).map(WordsTest::text).collect(Collectors.joining("\n"));
        // These are put together: close codes, opcodes, who closed, and what the server or the browser names.
        Pattern made = Pattern.compile("\\d{4}|opcode .*|by .*|\\w+About");
        Set<String> named = Set.of("room-full", "name-taken", "bad-name", "no-more-rooms");
        assertThat(ENGLISH.keySet().stream().filter(key -> !made.matcher(key).matches() && !named.contains(key)))
                .allSatisfy(key -> assertThat(Pattern.compile("\\b" + key + "\\b").matcher(all).find()).as(key).isTrue());
    }
}
