package dev.duplex.fallback;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpStream;
import dev.duplex.protocol.Headers;
import java.time.Duration;
import java.util.Arrays;

/** A response under way, which brings a client what its session sends: in pieces as they are made, or whole. */
final class Response {
    /** Small enough for one to arrive over a line that soon breaks. */
    private static final int PIECE_BYTES = 8 * 1024;
    private static final int MAX_UNSENT_BYTES = 64 * 1024;

    private final HttpExchange exchange;
    private final Answers answers;
    private final Delivery delivery;
    /** Null for one that comes whole. */
    private final HttpStream stream;
    private final long untilNanos;
    private long aliveNanos;
    private boolean isOver;

    private Response(HttpExchange exchange, Answers answers, Delivery delivery, HttpStream stream, long untilNanos) {
        this.exchange = exchange;
        this.answers = answers;
        this.delivery = delivery;
        this.stream = stream;
        this.untilNanos = untilNanos;
    }

    /**
     * Begins to answer a request.
     *
     * @param hold how long one that comes whole may wait for something
     * @param whenDrained runs when one in pieces has room again
     */
    static Response begin(HttpExchange exchange, Answers answers, Delivery delivery, long nowNanos, Duration hold, Runnable whenDrained) {
        HttpStream stream = delivery.isStreamed()
                ? exchange.stream(200, answers.fields().with(Headers.of("Content-Type", delivery.mediaType()))) : null;
        Response begun = new Response(exchange, answers, delivery, stream, nowNanos + hold.toNanos());
        if (stream != null) {
            begun.showLife(nowNanos); // at once, so that the client learns whether anything comes through before the end
            stream.whenDrained(whenDrained);
        }
        return begun;
    }

    private void showLife(long nowNanos) {
        aliveNanos = nowNanos;
        stream.write(Records.alive(delivery));
    }

    /**
     * Sends what there is from a number on, as far as there is room; one that comes whole is over then.
     *
     * @param isEnd whether there will be nothing more
     * @return the number of the next byte to be sent
     */
    long send(SendBuffer out, long from, boolean isEnd, long nowNanos) {
        if (stream != null) {
            return stream(out, from, isEnd, nowNanos);
        }
        return from < out.end() || isEnd || delivery == Delivery.POLL ? answer(out, from, isEnd) : from;
    }

    private long stream(SendBuffer out, long from, boolean isEnd, long nowNanos) {
        long sent = from;
        while (sent < out.end() && stream.bufferedBytes() < MAX_UNSENT_BYTES) {
            byte[] piece = out.from(sent, PIECE_BYTES);
            sent += piece.length;
            aliveNanos = nowNanos;
            stream.write(Records.piece(delivery, piece, sent));
        }
        if (isEnd && sent == out.end()) {
            stream.write(Records.end(delivery));
            end();
        }
        return sent;
    }

    private long answer(SendBuffer out, long from, boolean isEnd) {
        byte[] piece = out.from(from, SendBuffer.WINDOW_BYTES);
        long sent = from + piece.length;
        byte[] record = piece.length == 0 ? piece : Records.piece(delivery, piece, sent);
        byte[] end = isEnd ? Records.end(delivery) : new byte[0];
        byte[] body = Arrays.copyOf(record, record.length + end.length);
        System.arraycopy(end, 0, body, record.length, end.length);
        answer(body);
        return sent;
    }

    private void answer(byte[] body) {
        isOver = true;
        exchange.answer(answers.of(HttpAnswer.of(200, delivery.mediaType(), body)));
    }

    /** Ends it, empty if nothing was said in it. */
    void end() {
        if (stream == null) {
            answer(new byte[0]);
        } else {
            isOver = true;
            stream.end();
        }
    }

    /** Whether nothing more can be said in it. */
    boolean isOver() {
        return isOver;
    }

    /** @param mostSilence after so long one in pieces shows that it lives */
    void beat(long nowNanos, Duration mostSilence) {
        if (stream == null && nowNanos - untilNanos >= 0) {
            end();
        } else if (stream != null && nowNanos - aliveNanos >= mostSilence.toNanos()) {
            showLife(nowNanos);
        }
    }
}
