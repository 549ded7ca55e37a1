package dev.duplex.lab;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Counts the requests in the bytes that one client sends, and lets them ask for the server that it does not know.
 *
 * <p>In HTTP/1.1 these are heads, and their bodies are passed over, by Content-Length or in chunks; after an Upgrade nothing more
 * is counted, since what follows is no HTTP. In HTTP/2, which begins with its preface, they are the streams that HEADERS opens
 * (RFC 9113 §5.1): a WebSocket is one.
 *
 * <p>A client of HTTP/1.1 that connects to a relay puts the relay's address into {@code Host}: the server's takes its place.
 */
final class RequestCounter {
    private enum Place { HEAD, BODY, CHUNK_SIZE, CHUNK, TRAILER, OPAQUE, FRAME_HEADER, FRAME }

    private static final String PREFACE = "PRI * HTTP/2.0";

    /** The preface's second half, {@code SM} and two line ends. */
    private static final int PREFACE_REST_BYTES = 6;

    private static final int FRAME_HEADER_BYTES = 9;
    private static final int HEADERS = 1;

    private final String host;
    private final StringBuilder line = new StringBuilder();
    private Place place = Place.HEAD;
    private boolean hasStarted;
    private boolean isChunked;
    private boolean isUpgrade;
    private boolean isHttp2;
    private final byte[] frameHeader = new byte[FRAME_HEADER_BYTES];
    private int frameHeaderBytes;
    private int lastStream;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long bodyBytes;
    private long requests;

    /** @param host what {@code Host} says from here on; null to leave it */
    RequestCounter(String host) {
        this.host = host;
    }

    long requests() {
        return requests;
    }

    /** Reads what was sent. @return what is to go on; of a line of a head it is all or nothing */
    byte[] receive(byte[] bytes) {
        ByteArrayOutputStream on = new ByteArrayOutputStream(bytes.length + 64);
        int at = 0;
        while (at < bytes.length && place != Place.OPAQUE) {
            int from = at;
            if (host != null && place == Place.HEAD) {
                headByte(bytes[at++], on);
                continue;
            }
            if (place == Place.FRAME_HEADER) {
                frameHeader(bytes[at++]);
            } else if (place == Place.BODY || place == Place.CHUNK || place == Place.FRAME) {
                int step = (int) Math.min(bodyBytes, bytes.length - at);
                bodyBytes -= step;
                at += step;
                afterBody();
            } else {
                read((char) (bytes[at++] & 0xFF));
            }
            on.write(bytes, from, at - from);
        }
        on.write(bytes, at, bytes.length - at);
        return on.toByteArray();
    }

    private void headByte(byte next, ByteArrayOutputStream on) {
        head.write(next);
        if (next != '\n') {
            read((char) (next & 0xFF));
        } else {
            boolean isField = hasStarted;
            String whole = line.toString();
            read('\n');
            on.writeBytes(isField && whole.regionMatches(true, 0, "Host:", 0, 5) ? ("Host: " + host + "\r\n").getBytes(StandardCharsets.ISO_8859_1) : head.toByteArray());
            head.reset();
        }
    }

    private void afterBody() {
        if (bodyBytes == 0) {
            place = place == Place.FRAME ? Place.FRAME_HEADER : place == Place.CHUNK ? Place.CHUNK_SIZE : Place.HEAD;
        }
    }

    private void frameHeader(byte next) {
        frameHeader[frameHeaderBytes++] = next;
        if (frameHeaderBytes < FRAME_HEADER_BYTES) {
            return;
        }
        frameHeaderBytes = 0;
        ByteBuffer header = ByteBuffer.wrap(frameHeader);
        int stream = header.getInt(5) & Integer.MAX_VALUE;
        if (header.get(3) == HEADERS && stream > lastStream) { // trailers come on one that was opened before
            lastStream = stream;
            requests++;
        }
        bodyBytes = header.getInt(0) >>> 8;
        place = Place.FRAME;
        afterBody();
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
            isHttp2 = requests == 0 && whole.equals(PREFACE);
            requests += isHttp2 ? 0 : 1;
        } else if (!whole.isEmpty()) {
            field(whole.toLowerCase(Locale.ROOT));
        } else if (isHttp2) {
            bodyBytes = PREFACE_REST_BYTES;
            place = Place.FRAME;
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
    String receive(String text) {
        return new String(receive(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }
}
