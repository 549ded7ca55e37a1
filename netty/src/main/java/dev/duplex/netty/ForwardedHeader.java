package dev.duplex.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fields {@code Forwarded} of one request, read strictly (RFC 7239 §4).
 *
 * <pre>
 *   Forwarded: for=192.0.2.60;proto=https, for="[2001:db8::1]:4711";host="a.example:8080"
 *              └ nearest to the client ┘   └ added by the proxy next to us ─────────────┘
 * </pre>
 */
final class ForwardedHeader {
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    /** Thrown for what does not follow the grammar. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super(null, null, false, false);
        }
    }

    private final String text;
    private int at;

    private ForwardedHeader(String text) {
        this.text = text;
    }

    /**
     * What each proxy told, that next to the client first.
     *
     * @return null if a line does not follow the grammar: whoever appends to one that he did not read may be misunderstood
     */
    static List<Hop> hops(List<String> lines) {
        List<Hop> hops = new ArrayList<>();
        try {
            for (String line : lines) {
                new ForwardedHeader(line).read(hops);
            }
            return hops;
        } catch (Malformed e) {
            return null;
        }
    }

    /** Forwarded = 1#forwarded-element; empty elements are tolerated (RFC 9110 §5.6.1.2). */
    private void read(List<Hop> hops) throws Malformed {
        do {
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ',') {
                hops.add(element());
            }
        } while (accepts(','));
        if (at < text.length()) {
            throw new Malformed();
        }
    }

    /** forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ); no parameter twice. */
    private Hop element() throws Malformed {
        String[] known = new String[3];
        List<String> names = new ArrayList<>();
        do {
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ',') {
                String name = token().toLowerCase(Locale.ROOT);
                if (!accepts('=') || names.contains(name)) {
                    throw new Malformed();
                }
                names.add(name);
                String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                int place = List.of("for", "proto", "host").indexOf(name);
                if (place >= 0) {
                    known[place] = value;
                }
                skipBlanks();
            }
        } while (accepts(';'));
        return new Hop(known[0], known[1], known[2]);
    }

    private String token() throws Malformed {
        int start = at;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new Malformed();
        }
        return text.substring(start, at);
    }

    /** RFC 9110 §5.6.4: a backslash makes the next character one of the value. */
    private String quoted() throws Malformed {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            if (at < text.length()) {
                value.append(text.charAt(at));
            }
        }
        if (!accepts('"')) {
            throw new Malformed();
        }
        return value.toString();
    }

    private boolean accepts(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_SYMBOLS.indexOf(c) >= 0;
    }
}
