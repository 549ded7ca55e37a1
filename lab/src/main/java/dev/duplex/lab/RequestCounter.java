package dev.duplex.lab;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Counts the requests in the bytes that one HTTP/1.1 client sends: heads, and bodies by Content-Length or in chunks.
 *
 * <p>After an Upgrade nothing more is counted: what follows is no HTTP.
 */
final class RequestCounter {
    private enum Place { HEAD, BODY, CHUNK_SIZE, CHUNK, TRAILER, OPAQUE }

    private final StringBuilder line = new StringBuilder();
    private Place place = Place.HEAD;
    private boolean hasStarted;
    private boolean isChunked;
    private boolean isUpgrade;
    private long bodyBytes;
    private long requests;

    long requests() {
        return requests;
    }

    /** Reads what was sent. */
    void receive(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && place != Place.OPAQUE) {
            if (place == Place.BODY || place == Place.CHUNK) {
                int step = (int) Math.min(bodyBytes, bytes.length - at);
                bodyBytes -= step;
                at += step;
                afterBody();
            } else {
                read((char) (bytes[at++] & 0xFF));
            }
        }
    }

    private void afterBody() {
        if (bodyBytes == 0) {
            place = place == Place.CHUNK ? Place.CHUNK_SIZE : Place.HEAD;
        }
    }

    private void read(char c) {
        if (c == '\n') {
            String whole = line.toString().strip();
            line.setLength(0);
            ended(whole);
        } else if (line.length() < 8192) {
            line.append(c);
        }
    }

    private void ended(String whole) {
        switch (place) {
            case HEAD -> headLine(whole);
            case CHUNK_SIZE -> chunk(whole);
            default -> place = whole.isEmpty() ? Place.HEAD : Place.TRAILER;
        }
    }

    private void headLine(String whole) {
        if (!whole.isEmpty() && !hasStarted) {
            hasStarted = true;
            requests++;
        } else if (!whole.isEmpty()) {
            field(whole.toLowerCase(Locale.ROOT));
        } else if (hasStarted) {
            place = isUpgrade ? Place.OPAQUE : isChunked ? Place.CHUNK_SIZE : bodyBytes > 0 ? Place.BODY : Place.HEAD;
            hasStarted = false;
            isChunked = false;
        }
    }

    private void field(String lower) {
        if (lower.startsWith("content-length:")) {
            bodyBytes = number(lower.substring(15).strip(), 10);
        } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
            isChunked = true;
        } else if (lower.startsWith("upgrade:")) {
            isUpgrade = lower.contains("websocket");
        }
    }

    /** A chunk's line break is counted with it. */
    private void chunk(String size) {
        if (size.isEmpty()) {
            return;
        }
        bodyBytes = number(size.split(";")[0].strip(), 16);
        place = bodyBytes == 0 ? Place.TRAILER : Place.CHUNK;
        bodyBytes += bodyBytes == 0 ? 0 : 2;
    }

    private static long number(String digits, int radix) {
        return digits.matches("[0-9a-f]{1,15}") ? Long.parseLong(digits, radix) : 0;
    }

    /** For tests. */
    void receive(String text) {
        receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
