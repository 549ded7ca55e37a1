package dev.duplex.netty;

import dev.duplex.protocol.OpeningRequest;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * The body of an HTTP/1.1 request, read strictly (RFC 9112 §6–7).
 *
 * <p>What two readers could understand in two ways is refused, since a proxy in front may be the other reader: chunk
 * extensions, trailers, sizes of more than eight digits, any line that does not end with CR LF. Memory grows with what has come.
 *
 * <pre>
 *   Content-Length: n      n bytes
 *   chunked                hex-size CRLF bytes CRLF … 0 CRLF CRLF
 * </pre>
 */
final class BodyReader {
    private static final int MAX_SIZE_DIGITS = 8;

    private enum Part { BYTES, SIZE, SIZE_END, CHUNK, CHUNK_RETURN, CHUNK_END, LAST_RETURN, LAST_END, DONE }

    private final int maxBytes;
    private final boolean isChunked;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private Part part;
    private long left;
    private int digits;
    private int status;
    private String fault = "";

    /** @param left the bytes that must come; unknown in chunks */
    private BodyReader(int maxBytes, boolean isChunked, long left) {
        this.maxBytes = maxBytes;
        this.isChunked = isChunked;
        this.left = left;
        part = isChunked ? Part.SIZE : left == 0 ? Part.DONE : Part.BYTES;
        if (left > maxBytes) {
            tooLarge();
        }
    }

    /** For a request that kept the {@link RequestRules}. */
    static BodyReader of(OpeningRequest request, int maxBytes) {
        Optional<String> length = request.headers().first("Content-Length");
        return new BodyReader(maxBytes, request.headers().contains("Transfer-Encoding"), length.map(Long::parseLong).orElse(0L));
    }

    /** Reads up to the end of the body, and leaves in {@code input} what follows it. */
    HeadReader.Result read(ByteBuf input) {
        while (status == 0 && part != Part.DONE && input.isReadable()) {
            if (part == Part.BYTES || part == Part.CHUNK) {
                take(input);
            } else {
                step(input.readByte());
            }
        }
        return status != 0 ? HeadReader.Result.REFUSED : part == Part.DONE ? HeadReader.Result.COMPLETE : HeadReader.Result.INCOMPLETE;
    }

    /** With REFUSED: the status to answer with. */
    int status() {
        return status;
    }

    /** With REFUSED: a sentence for people. */
    String fault() {
        return fault;
    }

    /** With COMPLETE: the bytes. */
    byte[] body() {
        return body.toByteArray();
    }

    /** Twice what has come, which is copied when it grows and when it ends. */
    long heldBytes() {
        return 2L * body.size();
    }

    private void take(ByteBuf input) {
        byte[] piece = new byte[(int) Math.min(left, input.readableBytes())];
        input.readBytes(piece);
        body.writeBytes(piece);
        left -= piece.length;
        if (left == 0) {
            part = isChunked ? Part.CHUNK_RETURN : Part.DONE;
        }
    }

    private void step(byte b) {
        switch (part) {
            case SIZE -> size(b);
            case SIZE_END -> expect('\n', b, left == 0 ? Part.LAST_RETURN : Part.CHUNK);
            case CHUNK_RETURN -> expect('\r', b, Part.CHUNK_END);
            case CHUNK_END -> expect('\n', b, Part.SIZE);
            case LAST_RETURN -> expect('\r', b, Part.LAST_END);
            default -> expect('\n', b, Part.DONE);
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (b == '\r' && digits > 0) {
            digits = 0;
            part = Part.SIZE_END;
            if (left > maxBytes - body.size()) {
                tooLarge();
            }
        } else if (digit < 0 || digits == MAX_SIZE_DIGITS) {
            refuse(400, "a malformed chunk");
        } else {
            left = digits++ == 0 ? digit : left << 4 | digit;
        }
    }

    private void expect(char wanted, byte came, Part next) {
        if (came == wanted) {
            part = next;
        } else {
            refuse(400, "a malformed chunk");
        }
    }

    private void tooLarge() {
        refuse(413, "the body is larger than " + maxBytes + " bytes");
    }

    private void refuse(int withStatus, String why) {
        status = withStatus;
        fault = why;
    }
}
