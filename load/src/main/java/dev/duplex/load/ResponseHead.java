package dev.duplex.load;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The head of the HTTP answer to an opening request (RFC 9112 §2–5). */
final class ResponseHead {
    private static final int MAX_BYTES = 16 * 1024;
    private static final int END_BYTES = 4;

    private ResponseHead() {}

    /**
     * Takes the head, and leaves what follows it.
     *
     * @return null if it has not come whole
     * @throws IllegalArgumentException if it is none, with a sentence for people
     */
    static OpeningResponse take(ByteBuf in) {
        int length = length(in);
        if (length < 0) {
            if (in.readableBytes() > MAX_BYTES) {
                throw new IllegalArgumentException("the answer's head is longer than " + MAX_BYTES + " bytes");
            }
            return null;
        }
        return parse(in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString());
    }

    private static int length(ByteBuf in) {
        int last = in.writerIndex() - END_BYTES;
        for (int at = in.readerIndex(); at <= last; at++) {
            if (in.getByte(at) == '\r' && in.getByte(at + 1) == '\n' && in.getByte(at + 2) == '\r' && in.getByte(at + 3) == '\n') {
                return at + END_BYTES - in.readerIndex();
            }
        }
        return -1;
    }

    private static OpeningResponse parse(String head) {
        String[] lines = head.split("\r\n");
        if (!lines[0].matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new IllegalArgumentException("the answer is not HTTP/1.1");
        }
        Headers headers = Headers.empty();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("the answer has a malformed header");
            }
            headers = headers.with(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        return new OpeningResponse(Integer.parseInt(lines[0].substring(9, 12)), headers, "");
    }
}
