package dev.duplex.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The words of one column of a case table, read from left to right. */
final class Words {
    private final List<String> words;
    private int at;

    Words(String column) {
        words = split(column);
    }

    private static List<String> split(String column) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < column.length()) {
            char c = column.charAt(i);
            int end = i + 1;
            if (c == '"') {
                end = column.indexOf('"', i + 1) + 1;
            } else if (c != ' ' && c != ';') {
                while (end < column.length() && " ;\"".indexOf(column.charAt(end)) < 0) {
                    end++;
                }
            }
            if (c != ' ') {
                words.add(column.substring(i, end));
            }
            i = end;
        }
        return words;
    }

    boolean more() {
        return at < words.size();
    }

    boolean moreOfStep() {
        return more() && !words.get(at).equals(";");
    }

    String peek() {
        return more() ? words.get(at) : "";
    }

    String next() {
        if (!more()) {
            throw new IllegalArgumentException("a word is missing at the end of " + words);
        }
        return words.get(at++);
    }

    boolean take(String word) {
        boolean there = peek().equals(word);
        if (there) {
            at++;
        }
        return there;
    }

    int number() {
        return Integer.parseInt(next());
    }

    boolean atNumber() {
        return !peek().isEmpty() && peek().chars().allMatch(Character::isDigit);
    }

    /** A payload: {@code "text"}, {@code 0xfe}, {@code U+FFFF}, {@code 125 of "*"}, or nothing. */
    Content content(int maxBytes) {
        if (atNumber()) {
            int length = number();
            if (!take("of")) {
                throw new IllegalArgumentException("'of' is missing in " + words);
            }
            return new Content(literal(), Math.min(length, maxBytes));
        }
        return Content.of(literal());
    }

    private byte[] literal() {
        String word = peek();
        if (word.startsWith("\"")) {
            return next().substring(1, word.length() - 1).getBytes(StandardCharsets.UTF_8);
        }
        if (word.startsWith("0x")) {
            return HexFormat.of().parseHex(next().substring(2));
        }
        if (word.startsWith("U+")) {
            return Character.toString(Integer.parseInt(next().substring(2), 16)).getBytes(StandardCharsets.UTF_8);
        }
        return new byte[0];
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
