package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An HTTP head as the echo reads it: the first line, and fields in their order. */
record EchoHead(String line, List<String[]> fields, boolean wellFormed) {
    private static final int MAX_BYTES = 16 * 1024;

    static EchoHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last4 = 0;
        while (last4 != 0x0d0a0d0a && bytes.size() < MAX_BYTES) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            bytes.write(b);
            last4 = last4 << 8 | b;
        }
        boolean wellFormed = bytes.size() < MAX_BYTES;
        String[] lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        List<String[]> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            wellFormed &= lines[i].matches("[A-Za-z0-9-]+:[^\0\r\n]*");
            fields.add(colon < 0 ? new String[] {lines[i], ""} : new String[] {lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()});
        }
        return new EchoHead(lines[0], fields, wellFormed);
    }

    List<String> all(String name, boolean caseSensitive) {
        return fields.stream().filter(f -> caseSensitive ? f[0].equals(name) : f[0].equalsIgnoreCase(name)).map(f -> f[1]).toList();
    }

    String value(String name) {
        return String.join(",", all(name, false));
    }

    boolean hasToken(String name, String token) {
        return List.of(value(name).toLowerCase().split("[ \t]*,[ \t]*")).contains(token);
    }

    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
