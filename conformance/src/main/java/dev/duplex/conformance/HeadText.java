package dev.duplex.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The text of an HTTP head to be sent, bent by the edits of a case.
 *
 * <p>An edit is {@code -Name} (left out), {@code Name: value} (replaced), {@code +Name: value} (added), {@code line: …} (the
 * start line), {@code tail: 0x…} (octets behind the head), {@code many: 200} (so many more fields), {@code fold: …} or
 * {@code raw: …} (a line as it stands), {@code cut: 1} (the size of the TCP writes). In a value {@code {x8000}} stands for so many x.
 */
final class HeadText {
    private String startLine;
    private final List<String> lines = new ArrayList<>();
    private byte[] tail = new byte[0];
    private int cutBytes;

    HeadText(String startLine, List<String> fields) {
        this.startLine = startLine;
        this.lines.addAll(fields);
    }

    void edit(String text) {
        String edit = expand(text);
        int colon = edit.indexOf(':');
        String value = colon < 0 ? "" : edit.substring(colon + 1).strip();
        if (edit.startsWith("-")) {
            remove(edit.substring(1));
        } else if (edit.startsWith("+")) {
            lines.add(edit.substring(1));
        } else {
            switch (edit.substring(0, colon)) {
                case "line" -> startLine = value;
                case "tail" -> tail = HexFormat.of().parseHex(value.substring(2));
                case "cut" -> cutBytes = Integer.parseInt(value);
                case "raw" -> lines.add(edit.substring(colon + 2));
                case "many" -> many(Integer.parseInt(value));
                default -> replace(edit.substring(0, colon), edit);
            }
        }
    }

    private static String expand(String edit) {
        String text = edit.replace("{tab}", "\t").replace("{nul}", "\0").replace("{cr}", "\r").replace("{sp}", " ");
        int at = text.indexOf("{x");
        if (at < 0) {
            return text;
        }
        int end = text.indexOf('}', at);
        return text.substring(0, at) + "x".repeat(Integer.parseInt(text.substring(at + 2, end))) + text.substring(end + 1);
    }

    private void many(int count) {
        for (int i = 0; i < count; i++) {
            lines.add("X-Field-" + i + ": 1");
        }
    }

    private void remove(String name) {
        lines.removeIf(l -> l.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    }

    private void replace(String name, String line) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                lines.set(i, line);
                return;
            }
        }
        lines.add(line);
    }

    /** The fields alone. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    int cutBytes() {
        return cutBytes;
    }

    byte[] bytes() {
        String text = startLine + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
        byte[] head = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = java.util.Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, bytes, head.length, tail.length);
        return bytes;
    }

    @Override
    public String toString() {
        String text = startLine + " | " + String.join(" | ", lines);
        return text.length() <= 1000 ? text : text.substring(0, 1000) + "...";
    }
}
