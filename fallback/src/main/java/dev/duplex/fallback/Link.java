package dev.duplex.fallback;

import dev.duplex.netty.Tunnel;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection's bytes at the client, over a WebSocket while there is one that holds, else over one request after another.
 *
 * <pre>
 *   {@link Climb}     a WebSocket that carries, and the tries to open one
 *   {@link Fetching}  what the server sends      ┐ by requests, while no WebSocket carries; what is lost
 *   {@link Posting}   what this end sends        ┘ is asked for, or sent, again
 * </pre>
 *
 * <p>All three count the same bytes, so that nothing is lost or doubled when one takes over from another.
 */
final class Link implements Tunnel.Line {
    /** What the server may have sent beyond the last acknowledgement, before one is sent by itself. */
    static final long UNACKNOWLEDGED_BYTES = SendBuffer.WINDOW_BYTES / 4;

    private final Requests requests;
    private final URI http;
    private final String session;
    private final Rung rung;
    private final Climb climb;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SendBuffer out = new SendBuffer();
    private Tunnel tunnel;
    private Thread fetching;
    private boolean hasEnded;
    private volatile boolean isOver;
    /** Whether the server has ended, or knows nothing of this connection. */
    private volatile boolean isGone;
    private volatile long received;
    private volatile long acknowledged;
    private CompletableFuture<Void> taken;

    /**
     * @param deliveries the rungs of plain HTTP, from the best on
     * @param climber opens WebSockets for this connection; null if none is wanted
     */
    Link(Requests requests, URI http, String session, List<Delivery> deliveries, LadderClient.Terms terms, Climber climber) {
        this.requests = requests;
        this.http = http;
        this.session = session;
        this.rung = new Rung(deliveries, terms);
        this.climb = climber == null ? null : new Climb(this, climber, terms);
    }

    /** A WebSocket has opened this connection, and carries it from its first byte on. */
    Link begunOver(CarryingSocket socket) {
        climb.beginOver(socket);
        return this;
    }

    // The tunnel's line, on its loop

    @Override
    public void opened(Tunnel opened) {
        tunnel = opened;
        fetching = Thread.ofVirtual().name("duplex-fallback-down").start(new Fetching(this, requests, rung)::run);
        Thread.ofVirtual().name("duplex-fallback-up").start(new Posting(this, requests, rung)::run);
        if (climb != null) {
            climb.start();
        }
    }

    @Override
    public int room() {
        lock.lock();
        try {
            return out.room();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(byte[] bytes) {
        lock.lock();
        try {
            out.add(bytes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() {
        if (isCarried()) {
            climb.flush();
        } else {
            wake();
        }
    }

    @Override
    public void drained() {
        CompletableFuture<Void> waiting = taken;
        taken = null;
        if (waiting != null) {
            waiting.complete(null);
        }
        if (isCarried()) {
            climb.drained();
        }
    }

    @Override
    public void ended() {
        lock.lock();
        try {
            hasEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        drained();
        if (isCarried()) {
            climb.flush();
        } else if (climb != null) {
            climb.end();
        } else {
            tunnel.forget();
        }
        if (!isOver) {
            fetching.interrupt();
        }
    }

    @Override
    public long heldBytes() {
        return SendBuffer.WINDOW_BYTES - room();
    }

    @Override
    public void beat(long nowNanos) {
        if (climb != null) {
            climb.beat(nowNanos);
        }
    }

    // State, for the three

    Tunnel tunnel() {
        return tunnel;
    }

    /** Whether a WebSocket carries. */
    boolean isCarried() {
        return climb != null && climb.isCarrying();
    }

    /** How many WebSockets have been asked to carry. */
    long switches() {
        return climb == null ? 0 : climb.switches();
    }

    long received() {
        return received;
    }

    /** Whether the connection has nothing more to send than it has sent. */
    boolean hasEnded() {
        lock.lock();
        try {
            return hasEnded;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing more comes from the server. */
    boolean isOver() {
        return isOver;
    }

    boolean isGone() {
        return isGone;
    }

    /** Nothing more comes from the server. */
    void over() {
        over(tunnel::end);
    }

    private void over(Runnable end) {
        if (!isOver) {
            isOver = true;
            tunnel.loop().execute(end);
            wake();
        }
    }

    /** The server takes nothing of what is sent, and nothing more is awaited from it. */
    void stalled() {
        over(tunnel::endStalled);
    }

    /** The server has ended, or knows nothing of this connection. */
    void gone() {
        isGone = true;
        over();
    }

    /** A WebSocket carries from here on: what is being fetched comes over it, and a network that has died in part may never end that. */
    void rose() {
        fetching.interrupt();
    }

    /** Requests carry from here on, whatever was with them long ago. */
    void fell() {
        rung.sent();
        wake();
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no WebSocket carries, or is about to, or all is over. */
    void awaitUncarried() throws InterruptedException {
        lock.lock();
        try {
            while (climb != null && (climb.isCarrying() || climb.isSwitching()) && !isOver && !hasEnded) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    // Bytes from the server

    /** Takes bytes on the loop: of what came twice, what is new. */
    void take(byte[] piece, long at) {
        long known = received - at;
        if (known < piece.length) {
            received += piece.length - known;
            tunnel.receive(known == 0 ? piece : Arrays.copyOfRange(piece, (int) known, piece.length));
        }
    }

    /** The same from elsewhere; waits until the application has taken them. */
    void handOver(byte[] piece, long at) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tunnel.loop().execute(() -> {
            take(piece, at);
            drained();
            if (tunnel.waitingBytes() == 0 || hasEnded) {
                done.complete(null);
            } else {
                taken = done;
            }
        });
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        rung.progressed();
        if (owesAcknowledgement()) {
            wake();
        }
    }

    boolean owesAcknowledgement() {
        return received - acknowledged >= UNACKNOWLEDGED_BYTES;
    }

    /** The server is told, or has been, that all bytes below a number have come. */
    void acknowledged(long upTo) {
        acknowledged = Math.max(acknowledged, upTo);
    }

    // Bytes to the server

    /** Some bytes, and the number of the first of them; none if an acknowledgement is all there is to send. */
    record Batch(long at, byte[] bytes) {}

    /** False when there is nothing more to post, and there will be nothing more. */
    boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!isOver && (isCarried() || out.end() == out.start() && !hasEnded && !owesAcknowledgement())) {
                changed.await();
            }
            return !isOver && (out.end() > out.start() || !hasEnded);
        } finally {
            lock.unlock();
        }
    }

    Batch next(int most) {
        lock.lock();
        try {
            return new Batch(out.start(), out.from(out.start(), most));
        } finally {
            lock.unlock();
        }
    }

    /** Sends what there is over a WebSocket. @return the number of the next byte to be sent */
    long sendOver(CarryingSocket socket, long from) {
        lock.lock();
        try {
            return socket.send(out, from);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the byte after the last that is to be sent. */
    long end() {
        lock.lock();
        try {
            return out.end();
        } finally {
            lock.unlock();
        }
    }

    boolean hasUnacknowledged() {
        lock.lock();
        try {
            return out.end() > out.start();
        } finally {
            lock.unlock();
        }
    }

    /** The server has all bytes below a number, or says so: false if they were never sent. What it said before counts no more. */
    boolean forget(long upTo) {
        lock.lock();
        try {
            if (upTo > out.start() && !out.acknowledge(upTo)) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        tunnel.loop().execute(tunnel::writable);
        return true;
    }

    /** This end is gone for good, and the server need not wait to find out. */
    void sendEnd() throws InterruptedException {
        if (!isGone) {
            try {
                requests.post(toPost(next(0).at, received, "&duplex-end=1"), new byte[0], Requests.SLACK);
            } catch (IOException nothingToBeDone) {
                return;
            }
        }
    }

    // Addresses

    URI toPost(long at, long acknowledging, String more) {
        return Requests.with(http, "duplex=" + session + "&duplex-at=" + at + "&duplex-ack=" + acknowledging + more);
    }

    URI toFetch(Delivery delivery, long from, Duration hold) {
        return Requests.with(http, "duplex=" + session + "&duplex-as=" + delivery.word() + "&duplex-ack=" + from
                + "&duplex-hold=" + hold.toMillis() + "&duplex-after=" + switches());
    }

    String toCarry(long count) {
        return "duplex=" + session + "&duplex-as=socket&duplex-after=" + count;
    }
}
