package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * What goes back for one plain HTTP request.
 *
 * @param file the open file that is the body, of which {@code length} bytes are sent and which is closed afterwards; null if
 *     {@code body} is
 * @param length of the body, in bytes
 */
record Reply(int status, Headers headers, byte[] body, FileChannel file, long length) {
    private static final byte[] NOTHING = {};

    static Reply of(HttpAnswer answer) {
        return new Reply(answer.status(), answer.headers(), answer.body(), null, answer.body().length);
    }

    static Reply of(OpeningResponse response) {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        return new Reply(response.status(), response.headers(), body, null, body.length);
    }

    static Reply file(Headers headers, FileChannel file, long length) {
        return new Reply(200, headers, NOTHING, file, length);
    }

    static Reply empty(int status, Headers headers) {
        return new Reply(status, headers, NOTHING, null, 0);
    }

    /** A sentence for people: no version, no stack trace. */
    static Reply text(int status, String sentence) {
        return of(HttpAnswer.text(status, sentence + "\n"));
    }

    Reply with(String name, String value) {
        return new Reply(status, headers.with(name, value), body, file, length);
    }
}
