package dev.duplex.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The head of an HTTP proxy's answer, as it comes in; its body is never read. */
final class ProxyAnswer {
    /** As much as our server takes of a request, and our client of a server's answer. */
    static final int MAX_BYTES = 16 * 1024;

    private static final byte[] BEGINNING = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: (.*))?");

    private byte[] bytes = new byte[512];
    private int count;

    /** Takes bytes up to the end of the head; true when it is there. */
    boolean read(ByteBuffer input) {
        while (input.hasRemaining() && !isTooLong()) {
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            bytes[count++] = input.get();
            if (isWhole()) {
                return true;
            }
        }
        return false;
    }

    private boolean isWhole() {
        return count >= 4 && bytes[count - 1] == '\n' && bytes[count - 2] == '\r' && bytes[count - 3] == '\n' && bytes[count - 4] == '\r';
    }

    boolean isTooLong() {
        return count >= MAX_BYTES;
    }

    /** Whether what is there can be the beginning of an answer: who speaks something else may never come to an end. */
    boolean isHttp() {
        int known = Math.min(count, BEGINNING.length);
        return Arrays.equals(bytes, 0, known, BEGINNING, 0, known);
    }

    private String[] lines() {
        return new String(bytes, 0, count, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    }

    /** The status; 0 if the first line has none. */
    int status() {
        var first = STATUS_LINE.matcher(lines()[0]);
        return first.matches() ? Integer.parseInt(first.group(1)) : 0;
    }

    /** The status with its phrase, for people: visible ASCII, not much of it. */
    String shown() {
        var first = STATUS_LINE.matcher(lines()[0]);
        String line = first.matches() ? first.group(1) + (first.group(2) == null ? "" : " " + first.group(2)) : "";
        String visible = line.replaceAll("[^ -~]", "?").strip();
        return visible.substring(0, Math.min(visible.length(), 80));
    }

    /** All values of a field. */
    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }
}
