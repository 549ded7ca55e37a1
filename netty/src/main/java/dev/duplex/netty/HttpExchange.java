package dev.duplex.netty;

import dev.duplex.api.Endpoint;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** One plain HTTP request with its body, and its answer to come; any thread may give it. */
public final class HttpExchange {
    private final WayBack connection;
    private final EventLoop loop;
    private final OpeningRequest request;
    private final Caller caller;
    private final HttpQuery query;
    private final byte[] body;
    private final boolean isLast;
    private final boolean isChunked;
    private final AtomicBoolean isAnswered = new AtomicBoolean();
    private Runnable whenGone = () -> {};
    private boolean isGone;

    /**
     * @param isLast whether the connection ends after the answer
     * @param isChunked whether the peer understands an answer in chunks, as HTTP/1.0 does not
     */
    HttpExchange(WayBack connection, EventLoop loop, OpeningRequest request, Caller caller, HttpQuery query, byte[] body, boolean isLast,
            boolean isChunked) {
        this.connection = connection;
        this.loop = loop;
        this.request = request;
        this.caller = caller;
        this.query = query;
        this.body = body;
        this.isLast = isLast;
        this.isChunked = isChunked;
    }

    /** The request's method. */
    public String method() {
        return request.method();
    }

    /** The request without its body. */
    public HttpQuery query() {
        return query;
    }

    /** The request's body, owned by the receiver; empty if there is none. */
    public byte[] body() {
        return body;
    }

    /** The thread of this request's connection, as an executor. */
    public Executor loop() {
        return loop;
    }

    /** The way from this request into an endpoint, which need not stand at its path. */
    public Door door(Endpoint endpoint) {
        return connection.door(request, caller, query, endpoint);
    }

    /**
     * Answers at once and whole; in vain if the peer has gone.
     *
     * @throws IllegalStateException if an answer was given
     */
    public void answer(HttpAnswer answer) {
        Objects.requireNonNull(answer, "answer");
        claim();
        run(() -> connection.answer(this, Reply.of(answer)));
    }

    /**
     * Begins an answer that is sent in pieces as they are made.
     *
     * @param headers more fields; those that rule the connection and its framing are the server's own
     * @throws IllegalStateException if an answer was given
     */
    public HttpStream stream(int status, Headers headers) {
        Reply head = Reply.of(new HttpAnswer(status, headers, new byte[0]));
        claim();
        HttpStream stream = new HttpStream(this, connection.channel(), isChunked);
        run(() -> connection.stream(this, head));
        return stream;
    }

    /** Runs {@code action} on the loop, once, if the peer leaves before the answer is complete; at once if it has left. */
    public void whenGone(Runnable action) {
        run(() -> {
            if (isGone) {
                action.run();
            } else {
                whenGone = action;
            }
        });
    }

    boolean isLast() {
        return isLast;
    }

    boolean isChunked() {
        return isChunked;
    }

    void run(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    /** A streamed answer has been written to its end. */
    void streamed() {
        connection.streamed(this);
    }

    /** The loop alone: no answer can arrive any more. */
    void gone() {
        isGone = true;
        Runnable action = whenGone;
        whenGone = () -> {};
        action.run();
    }

    /** Whether nobody has given an answer yet; nobody can from now on. */
    boolean abandon() {
        return isAnswered.compareAndSet(false, true);
    }

    private void claim() {
        if (!isAnswered.compareAndSet(false, true)) {
            throw new IllegalStateException("this request has its answer");
        }
    }
}
