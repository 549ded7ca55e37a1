package dev.duplex.fallback;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpQuery;
import dev.duplex.netty.HttpStream;
import dev.duplex.netty.Tunnel;
import dev.duplex.protocol.Headers;
import java.time.Duration;
import java.util.Arrays;

/**
 * One connection at the server: its bytes both ways, numbered, over one request after another.
 *
 * <pre>
 *   POST at=n ──► [0 … n … received ──► tunnel          n above received: 409, and the client goes back
 *   GET ack=n ◄── [n … sent … end] ◄── tunnel           below n: forgotten; sent again from n on
 * </pre>
 *
 * <p>So a lost response is asked for again, a doubled request brings nothing new, and one that came too early is refused. Runs on
 * the tunnel's loop; the requests may be on others.
 */
final class Session implements Tunnel.Line {
    /** Shorter than the 30 s after which the first proxies give a silent request up. */
    static final Duration MOST_HELD = Duration.ofSeconds(25);

    /** How long the end waits to be fetched, and fetched again if the response was lost. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private static final int MAX_WAITING_BYTES = 1 << 20;
    /** Small enough for one to arrive over a line that soon breaks. */
    private static final int PIECE_BYTES = 8 * 1024;
    private static final int MAX_UNSENT_BYTES = 64 * 1024;

    /** A response under way; {@code stream} is null until a streamed one has begun. */
    private record Down(HttpExchange exchange, Answers answers, Delivery delivery, HttpStream stream, long untilNanos) {}

    /** A request whose bytes the application has not yet taken. */
    private record Up(HttpExchange exchange, Answers answers, long untilNanos) {}

    private final Fallback fallback;
    private final String id;
    private final String path;
    private final Credentials credentials;
    private final Duration idle;
    private final Duration held;
    private final SendBuffer out = new SendBuffer();
    private Tunnel tunnel;
    private Down down;
    private Up up;
    private long sent;
    private long received;
    private long seenNanos;
    private long aliveNanos;
    private long endedNanos;
    private boolean hasEnded;

    Session(Fallback fallback, String id, HttpQuery opening, Duration idle, Duration held) {
        this.fallback = fallback;
        this.id = id;
        this.path = opening.path();
        this.credentials = Credentials.of(opening.headers());
        this.idle = idle;
        this.held = held;
    }

    String id() {
        return id;
    }

    String path() {
        return path;
    }

    Credentials credentials() {
        return credentials;
    }

    void run(Runnable action) {
        tunnel.loop().execute(action);
    }

    // Requests

    /** The newest request for the server's bytes is the one that gets them: the one before may be lost without anyone's notice. */
    void deliver(HttpExchange exchange, Answers answers, Delivery delivery, long acknowledged, Duration hold) {
        if (!out.acknowledge(acknowledged)) {
            exchange.answer(answers.text(400, "byte " + acknowledged + " is not kept here"));
            return;
        }
        seenNanos = tunnel.nanoTime();
        release();
        sent = acknowledged;
        tunnel.writable();
        HttpStream stream = delivery.isStreamed()
                ? exchange.stream(200, answers.fields().with(Headers.of("Content-Type", delivery.mediaType()))) : null;
        Down begun = new Down(exchange, answers, delivery, stream, seenNanos + hold.toNanos());
        down = begun;
        exchange.whenGone(() -> run(() -> gone(begun)));
        if (stream != null) {
            // At once, so that the client learns whether anything comes through before the end.
            stream.write(Records.alive(delivery));
            aliveNanos = seenNanos;
            stream.whenDrained(() -> run(this::flush));
        }
        flush();
    }

    void receive(HttpExchange exchange, Answers answers, long at, long acknowledged, boolean isEnd) {
        seenNanos = tunnel.nanoTime();
        if (acknowledged > out.end()) {
            exchange.answer(answers.text(400, "byte " + acknowledged + " was never sent"));
            return;
        }
        if (acknowledged > out.start()) {
            out.acknowledge(acknowledged);
            sent = Math.max(sent, acknowledged);
            tunnel.writable();
        }
        if (at > received) {
            exchange.answer(answers.text(409, Long.toString(received)));
            return;
        }
        take(exchange.body(), at);
        if (isEnd) {
            tunnel.end();
        }
        answerUp();
        up = new Up(exchange, answers, seenNanos + held.toNanos());
        if (tunnel.waitingBytes() == 0 || hasEnded) {
            answerUp();
        }
    }

    private void take(byte[] body, long at) {
        long known = received - at;
        int room = (int) (MAX_WAITING_BYTES - tunnel.waitingBytes());
        int fresh = (int) Math.min(body.length - known, Math.max(0, room));
        if (fresh > 0) {
            received += fresh;
            tunnel.receive(Arrays.copyOfRange(body, (int) known, (int) known + fresh));
        }
    }

    private void answerUp() {
        if (up != null) {
            HttpAnswer answer = up.answers().text(200, Long.toString(received));
            HttpExchange exchange = up.exchange();
            up = null;
            exchange.answer(answer);
        }
    }

    // Responses

    /** Ends the response under way, empty if nothing was said in it. */
    private void release() {
        Down last = down;
        down = null;
        if (last != null && last.stream() != null) {
            last.stream().end();
        } else if (last != null) {
            last.exchange().answer(answer(last, new byte[0]));
        }
    }

    private void gone(Down lost) {
        if (down == lost) {
            down = null;
            seenNanos = tunnel.nanoTime();
        }
    }

    @Override
    public void flush() {
        if (down == null) {
            return;
        }
        if (down.stream() != null) {
            stream();
        } else if (sent < out.end() || hasEnded || down.delivery() == Delivery.POLL) {
            answerWhole();
        }
    }

    private void stream() {
        while (sent < out.end() && down.stream().bufferedBytes() < MAX_UNSENT_BYTES) {
            byte[] piece = out.from(sent, PIECE_BYTES);
            sent += piece.length;
            aliveNanos = tunnel.nanoTime();
            down.stream().write(Records.piece(down.delivery(), piece, sent));
        }
        if (hasEnded && sent == out.end()) {
            down.stream().write(Records.end(down.delivery()));
            release();
        }
    }

    private void answerWhole() {
        byte[] piece = out.from(sent, SendBuffer.WINDOW_BYTES);
        sent += piece.length;
        byte[] record = piece.length == 0 ? piece : Records.piece(down.delivery(), piece, sent);
        byte[] end = hasEnded ? Records.end(down.delivery()) : new byte[0];
        byte[] body = Arrays.copyOf(record, record.length + end.length);
        System.arraycopy(end, 0, body, record.length, end.length);
        Down last = down;
        down = null;
        last.exchange().answer(answer(last, body));
    }

    private static HttpAnswer answer(Down to, byte[] body) {
        return to.answers().of(HttpAnswer.of(200, to.delivery().mediaType(), body));
    }

    // The tunnel's line

    @Override
    public void opened(Tunnel opened) {
        tunnel = opened;
        seenNanos = opened.nanoTime();
    }

    @Override
    public int room() {
        return out.room();
    }

    @Override
    public void write(byte[] bytes) {
        out.add(bytes);
    }

    @Override
    public void drained() {
        answerUp();
    }

    @Override
    public void ended() {
        hasEnded = true;
        endedNanos = tunnel.nanoTime();
        answerUp();
        flush();
    }

    @Override
    public long heldBytes() {
        return out.heldBytes();
    }

    @Override
    public void beat(long now) {
        if (up != null && now - up.untilNanos() >= 0) {
            answerUp();
        }
        if (down != null && down.stream() == null && now - down.untilNanos() >= 0) {
            release();
            seenNanos = now;
        } else if (down != null && down.stream() != null && now - aliveNanos >= held.toNanos()) {
            aliveNanos = now;
            down.stream().write(Records.alive(down.delivery()));
        }
        if (hasEnded && now - endedNanos >= LINGER.toNanos()) {
            tunnel.forget();
            fallback.forget(this);
        } else if (!hasEnded && down == null && up == null && now - seenNanos >= idle.toNanos()) {
            tunnel.endIdle();
        }
    }
}
