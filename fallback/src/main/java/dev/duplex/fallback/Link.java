package dev.duplex.fallback;

import dev.duplex.netty.Tunnel;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection's bytes at the client, over one request after another.
 *
 * <p>Two virtual threads: one fetches what the server sends, the other posts what this end sends, gathering while a POST is under
 * way. What is lost is asked for, or sent, again.
 */
final class Link implements Tunnel.Line {
    private static final int MOST_BATCH_BYTES = 128 * 1024;
    private static final int LEAST_BATCH_BYTES = 1024;

    /** What the server may have sent beyond the last acknowledgement, before one is sent by itself. */
    private static final long UNACKNOWLEDGED_BYTES = SendBuffer.WINDOW_BYTES / 4;

    /** Beyond the longest that the server holds a request. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Requests requests;
    private final URI http;
    private final String session;
    private final Rung rung;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SendBuffer out = new SendBuffer();
    private Tunnel tunnel;
    private Thread down;
    private boolean hasEnded;
    private int batchBytes = MOST_BATCH_BYTES;
    private volatile boolean isOver;
    /** Whether the server has ended, or knows nothing of this connection. */
    private volatile boolean isGone;
    private volatile long received;
    private volatile long acknowledged;
    private CompletableFuture<Void> taken;

    Link(Requests requests, URI http, String session, List<Delivery> deliveries, LadderClient.Terms terms) {
        this.requests = requests;
        this.http = http;
        this.session = session;
        this.rung = new Rung(deliveries, terms);
    }

    // The tunnel's line, on its loop

    @Override
    public void opened(Tunnel opened) {
        tunnel = opened;
        down = Thread.ofVirtual().name("duplex-fallback-down").start(this::fetchAll);
        Thread.ofVirtual().name("duplex-fallback-up").start(this::sendAll);
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
        wake();
    }

    @Override
    public void drained() {
        CompletableFuture<Void> waiting = taken;
        taken = null;
        if (waiting != null) {
            waiting.complete(null);
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
        tunnel.forget();
        if (!isOver) {
            down.interrupt();
        }
    }

    @Override
    public long heldBytes() {
        return SendBuffer.WINDOW_BYTES - room();
    }

    @Override
    public void beat(long nowNanos) {
        // Every wait here has its own end.
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // Down

    private void fetchAll() {
        try {
            while (!isOver && !hasEnded()) {
                fetch(rung.delivery());
            }
        } catch (InterruptedException closed) {
            return;
        } finally {
            over();
        }
    }

    /** One response; a failure steps down, or ends the connection. */
    private void fetch(Delivery delivery) throws InterruptedException {
        long begun = System.nanoTime();
        Duration hold = rung.hold();
        URI uri = Requests.with(http, "duplex=" + session + "&duplex-as=" + delivery.word() + "&duplex-ack=" + received
                + "&duplex-hold=" + hold.toMillis());
        acknowledged = Math.max(acknowledged, received);
        try {
            HttpResponse<InputStream> response = requests.get(uri, delivery.isStreamed() ? rung.proof() : hold.plus(SLACK));
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 == 4 && response.statusCode() != 408 && response.statusCode() != 429) {
                    isGone = true; // the session has ended, or is no longer ours
                    over();
                } else if (response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode());
                } else {
                    read(delivery, body);
                }
            }
            rung.held();
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (hasEnded() || !tunnel.connection().isOpen() || !rung.failed(delivery, System.nanoTime() - begun)) {
                over();
            }
        }
        if (!isOver) {
            rung.pause();
        }
    }

    private void read(Delivery delivery, InputStream body) throws IOException, InterruptedException {
        CompletableFuture<Void> proof = new CompletableFuture<>();
        if (delivery.isStreamed()) {
            // A proxy that keeps the stream to itself shows nothing, not even that it is alive.
            proof.orTimeout(rung.proof().toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> close(body));
        }
        RecordReader records = new RecordReader(delivery, body);
        while (!isOver) {
            byte[] piece;
            try {
                piece = records.next();
            } catch (IOException ended) {
                if (proof.isCompletedExceptionally()) {
                    throw new IOException("the stream does not come through", ended);
                }
                if (delivery.isStreamed() && !(ended instanceof EOFException)) {
                    throw ended;
                }
                return;
            } finally {
                proof.complete(null);
            }
            if (piece == null) {
                isGone = true;
                over();
            } else if (piece.length > 0) {
                handOver(piece);
            }
        }
    }

    private static Void close(InputStream body) {
        try {
            body.close();
        } catch (IOException nothingToBeDone) {
            return null;
        }
        return null;
    }

    private void handOver(byte[] piece) throws InterruptedException {
        received += piece.length;
        CompletableFuture<Void> done = new CompletableFuture<>();
        tunnel.loop().execute(() -> {
            tunnel.receive(piece);
            if (tunnel.waitingBytes() == 0) {
                done.complete(null);
            } else {
                taken = done;
            }
        });
        try {
            done.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
        rung.progressed();
        if (received - acknowledged >= UNACKNOWLEDGED_BYTES) {
            wake();
        }
    }

    private boolean hasEnded() {
        lock.lock();
        try {
            return hasEnded;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes from the server. */
    private void over() {
        if (!isOver) {
            isOver = true;
            tunnel.loop().execute(tunnel::end);
            wake();
        }
    }

    // Up

    private void sendAll() {
        try {
            while (awaitWork()) {
                post(next());
            }
            if (!isGone) {
                sendEnd();
            }
        } catch (InterruptedException closed) {
            over();
        }
    }

    /** A batch; empty if an acknowledgement is all there is to send. */
    private record Batch(long at, byte[] bytes) {}

    /** False when there is nothing more to send, and there will be nothing more. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (out.end() == out.start() && !hasEnded && !isOver && received - acknowledged < UNACKNOWLEDGED_BYTES) {
                changed.await();
            }
            return !isOver && (out.end() > out.start() || !hasEnded);
        } finally {
            lock.unlock();
        }
    }

    private Batch next() {
        lock.lock();
        try {
            return new Batch(out.start(), out.from(out.start(), batchBytes));
        } finally {
            lock.unlock();
        }
    }

    private void post(Batch batch) throws InterruptedException {
        long acknowledging = received;
        try {
            HttpResponse<String> answer = requests.post(address(batch.at, acknowledging, ""), batch.bytes, Session.MOST_HELD.plus(SLACK));
            boolean tellsNumber = answer.statusCode() == 200 || answer.statusCode() == 409;
            if (tellsNumber && answer.body().strip().matches("[0-9]{1,18}") && acknowledge(Long.parseLong(answer.body().strip()))) {
                acknowledged = Math.max(acknowledged, acknowledging);
                rung.sent();
                batchBytes = Math.min(MOST_BATCH_BYTES, 2 * batchBytes);
                tunnel.loop().execute(tunnel::writable);
            } else if (tellsNumber || answer.statusCode() / 100 == 4) {
                over();
            } else {
                retry();
            }
        } catch (IOException broken) {
            retry();
        }
    }

    /** The same again, but less at once: the line may break before a large batch is through. */
    private void retry() throws InterruptedException {
        batchBytes = Math.max(LEAST_BATCH_BYTES, batchBytes / 2);
        if (hasEnded() || !tunnel.connection().isOpen() || !rung.mayRetry()) {
            over();
        }
    }

    private boolean acknowledge(long upTo) {
        lock.lock();
        try {
            return out.acknowledge(upTo);
        } finally {
            lock.unlock();
        }
    }

    /** This end is gone for good, and the server need not wait to find out. */
    private void sendEnd() throws InterruptedException {
        try {
            requests.post(address(out.start(), received, "&duplex-end=1"), new byte[0], SLACK);
        } catch (IOException nothingToBeDone) {
            return;
        }
    }

    private URI address(long at, long acknowledging, String more) {
        return Requests.with(http, "duplex=" + session + "&duplex-at=" + at + "&duplex-ack=" + acknowledging + more);
    }
}
