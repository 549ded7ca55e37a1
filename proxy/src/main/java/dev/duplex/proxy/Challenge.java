package dev.duplex.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way in which a proxy lets itself be told who is there (RFC 9110 §11.3).
 *
 * @param scheme in lower case, such as {@code basic}
 * @param parameters by their names, in whatever case
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /**
     * A parameter, or a scheme with a token68 perhaps; commas between them are the list's.
     *
     * <p>Values are said back to the proxy and must not end a line there: with a control character it is none (RFC 9110 §5.6.4).
     */
    private static final Pattern PART = Pattern.compile("[\\s,]*(?:(?<name>" + TOKEN + ")[ \\t]*=[ \\t]*(?:\"(?<quoted>(?:[^\"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\\\[^\\x00-\\x08\\x0a-\\x1f\\x7f])*+)\"|(?<plain>" + TOKEN + "))"
            + "(?=[\\s,]|$)|(?<scheme>" + TOKEN + ")(?:[ \\t]+(?!" + TOKEN + "[ \\t]*=[ \\t]*[^=,\\s])[A-Za-z0-9._~+/-]+=*(?=[ \\t]*(?:,|$)))?)");

    /** All challenges of an answer, as far as they can be read. */
    static List<Challenge> of(List<String> fields) {
        List<Challenge> challenges = new ArrayList<>();
        for (String field : fields) {
            read(field, challenges);
        }
        return challenges;
    }

    private static void read(String field, List<Challenge> challenges) {
        Challenge current = null;
        Matcher part = PART.matcher(field);
        while (part.lookingAt()) {
            if (part.group("scheme") != null) {
                current = new Challenge(part.group("scheme").toLowerCase(Locale.ROOT), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
                challenges.add(current);
            } else if (current != null) {
                String quoted = part.group("quoted");
                current.parameters.put(part.group("name"), quoted == null ? part.group("plain") : quoted.replaceAll("\\\\(.)", "$1"));
            }
            part.region(part.end(), field.length());
        }
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
