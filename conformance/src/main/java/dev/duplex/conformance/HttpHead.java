package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The head of a request or response: a start line and header fields, as they were read; over HTTP/2 the line is {@code HTTP/2 200}. */
record HttpHead(String startLine, List<String[]> fields) {
    private static final int MAX_BYTES = 256 * 1024;

    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last4 = 0;
        while (last4 != 0x0d0a0d0a) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException(bytes.size() == 0 ? "TCP ended without an HTTP answer" : "TCP ended inside the HTTP head");
            }
            if (bytes.size() == MAX_BYTES) {
                throw new IOException("an HTTP head of more than " + MAX_BYTES + " bytes");
            }
            bytes.write(b);
            last4 = last4 << 8 | b;
        }
        String[] lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        List<String[]> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.add(colon < 0 ? new String[] {lines[i], ""} : new String[] {lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()});
        }
        return new HttpHead(lines[0], fields);
    }

    List<String> all(String name) {
        return fields.stream().filter(f -> f[0].equalsIgnoreCase(name)).map(f -> f[1]).toList();
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** The values of a list field, joined; empty when it is absent. */
    String value(String name) {
        return String.join(", ", all(name));
    }

    boolean hasToken(String name, String token) {
        return List.of(value(name).toLowerCase(Locale.ROOT).split("[ \t]*,[ \t]*")).contains(token);
    }

    /** The status of a response; 0 when the start line has none. */
    int status() {
        return startLine.matches("HTTP/(1\\.[01]|2) [1-5][0-9][0-9]( .*)?") ? Integer.parseInt(startLine.split(" ")[1]) : 0;
    }
}
