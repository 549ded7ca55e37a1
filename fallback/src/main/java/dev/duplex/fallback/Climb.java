package dev.duplex.fallback;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The upper end of the ladder for one connection: the WebSocket that carries it, and the tries to open one while none does.
 *
 * <pre>
 *   by requests ──open──► its number ──this end's──► its answer ──► carries      from here on nothing is fetched or posted
 *               ◄────────────────────────────────── cut, or silent ──
 * </pre>
 *
 * <p>A try is made on a virtual thread, all else on the tunnel's loop.
 */
final class Climb implements CarryingSocket.User {
    /** Silence after which the server is asked for its number, in proofs: without, and with, bytes that it has not acknowledged. */
    private static final int IDLE_PROOFS = 4;
    private static final int OWED_PROOFS = 1;

    /** How long its answer may take, in proofs: it stands behind what is under way already. */
    private static final int ANSWER_PROOFS = 3;

    /** No server that keeps to the window fills more while the application does not read: a record, and what it may send behind that. */
    static final long MOST_WAITING_BYTES = 4L * SendBuffer.WINDOW_BYTES;

    private static final int MOST_DOUBLINGS = 5;
    private static final long NEVER = Long.MAX_VALUE;

    private final Link link;
    private final Climber climber;
    private final LadderClient.Terms terms;
    private Thread trying;
    private volatile CarryingSocket socket;
    private volatile long switches;
    private volatile boolean isSwitching;
    private final AtomicInteger failures = new AtomicInteger();
    private long sinceNanos;
    private long heardNanos;
    private long askedNanos = NEVER;
    private long sent;
    private boolean isEndTold;

    Climb(Link link, Climber climber, LadderClient.Terms terms) {
        this.link = link;
        this.climber = climber;
        this.terms = terms;
    }

    /** Before {@link #start}: a WebSocket has opened the session. */
    void beginOver(CarryingSocket first) {
        socket = first;
    }

    void start() {
        sinceNanos = link.tunnel().nanoTime();
        heardNanos = sinceNanos;
        if (socket != null) {
            use(socket);
        }
        trying = Thread.ofVirtual().name("duplex-fallback-climb").start(this::run);
    }

    private void use(CarryingSocket opened) {
        opened.connection().owner().execute(() -> opened.use(this, link.tunnel().loop()));
    }

    boolean isCarrying() {
        return socket != null;
    }

    /** Whether the server has been asked to send over a WebSocket, and has not yet answered. */
    boolean isSwitching() {
        return isSwitching;
    }

    long switches() {
        return switches;
    }

    // Up

    private void run() {
        try {
            while (!link.isOver() && !link.hasEnded()) {
                link.awaitUncarried();
                Thread.sleep(delay());
                if (!isCarrying() && !link.isOver() && !link.hasEnded() && !hasClimbed()) {
                    failures.incrementAndGet();
                }
            }
        } catch (InterruptedException ended) {
            return; // no use in going on
        }
    }

    /** Longer from try to try, and never the same for two clients that were thrown down at once. */
    private Duration delay() {
        long most = terms.climbAfter().toNanos() << Math.min(failures.get(), MOST_DOUBLINGS);
        return Duration.ofNanos(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /** One try; the connection goes on as before until both ways have shown that they let something through. */
    private boolean hasClimbed() throws InterruptedException {
        CarryingSocket opened = new CarryingSocket();
        boolean hasClimbed = false;
        try {
            climber.open(link.toCarry(switches + 1), opened).toCompletableFuture().get();
            OptionalLong wanted = Parameters.number(opened.greeting().get(terms.proof().toNanos(), TimeUnit.NANOSECONDS));
            if (wanted.isPresent() && onLoop(() -> isAsking(opened, wanted.getAsLong()))) {
                opened.answer().get(terms.proof().toNanos(), TimeUnit.NANOSECONDS);
                hasClimbed = onLoop(() -> climb(opened, wanted.getAsLong()));
            }
        } catch (ExecutionException | TimeoutException blocked) {
            return false;
        } finally {
            isSwitching = false;
            link.wake();
            if (!hasClimbed) {
                opened.leave();
            }
        }
        return hasClimbed;
    }

    private boolean onLoop(BooleanSupplier step) throws InterruptedException, ExecutionException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        link.tunnel().loop().execute(() -> done.complete(step.getAsBoolean()));
        return done.get();
    }

    /** Tells from where on the server is to send over this one, which it does as soon as it hears of it. */
    private boolean isAsking(CarryingSocket opened, long wanted) {
        if (link.isOver() || link.hasEnded()) {
            return false;
        }
        isSwitching = true;
        switches++;
        opened.receiveAt(link.received());
        opened.sendAt(wanted);
        opened.tell(link.received());
        link.acknowledged(link.received());
        return true;
    }

    private boolean climb(CarryingSocket opened, long wanted) {
        if (link.isOver() || link.hasEnded() || !link.forget(wanted)) {
            return false;
        }
        socket = opened;
        sinceNanos = link.tunnel().nanoTime();
        heard();
        sent = wanted;
        use(opened);
        link.rose();
        flush();
        return true;
    }

    // Down

    /** Each number that is told is a question, too: the server answers with its own. What has not been taken is not acknowledged by it. */
    private void tell() {
        long wanted = link.tunnel().waitingBytes() == 0 ? link.received() : socket.told();
        socket.tell(wanted);
        link.acknowledged(wanted);
        askedNanos = Math.min(askedNanos, link.tunnel().nanoTime());
    }

    @Override
    public void wants(CarryingSocket from, OptionalLong wanted) {
        if (from != socket) {
            return;
        }
        heard();
        if (wanted.isEmpty() || !link.forget(wanted.getAsLong())) {
            from.refuse("there is no such byte here");
        }
    }

    @Override
    public void ended(CarryingSocket from) {
        if (from == socket) {
            link.gone();
        }
    }

    @Override
    public void came(CarryingSocket from, byte[] bytes, long at) {
        if (from != socket) {
            return;
        }
        heard();
        if (at > link.received()) {
            from.refuse("there is a gap");
        } else if (link.tunnel().waitingBytes() + bytes.length > MOST_WAITING_BYTES) {
            from.refuse("more than was asked for");
        } else {
            link.take(bytes, at);
            acknowledge(Link.UNACKNOWLEDGED_BYTES);
        }
    }

    /** The server may send more when the application has taken what came. */
    private void acknowledge(long from) {
        if (link.tunnel().waitingBytes() == 0 && link.received() - socket.told() >= from) {
            tell();
        }
    }

    private void heard() {
        heardNanos = link.tunnel().nanoTime();
        askedNanos = NEVER;
    }

    @Override
    public void writable(CarryingSocket drained) {
        flush();
    }

    @Override
    public void gone(CarryingSocket lost) {
        if (lost == socket) {
            step();
        }
    }

    /** By requests from here on, with all that is not known to have come. */
    private void step() {
        boolean hasHeld = link.tunnel().nanoTime() - sinceNanos >= terms.climbAfter().toNanos();
        failures.updateAndGet(so -> hasHeld ? 0 : so + 1);
        socket = null;
        askedNanos = NEVER;
        link.fell();
        if (link.hasEnded()) {
            end();
        }
    }

    // The link's

    void flush() {
        CarryingSocket its = socket;
        if (its == null || isEndTold) {
            return;
        }
        sent = link.sendOver(its, sent);
        if (link.hasEnded() && sent == link.end()) {
            isEndTold = true;
            its.sayEnd();
            its.leave();
            link.gone();
            end();
        }
    }

    /** The application has taken what came. */
    void drained() {
        acknowledge(Link.UNACKNOWLEDGED_BYTES);
    }

    /** The connection has ended, and nothing of it is left to be sent here. */
    void end() {
        trying.interrupt();
        link.tunnel().forget();
    }

    /** Looks whether anything comes through still: a proxy may begin to swallow at any time. */
    void beat(long now) {
        CarryingSocket its = socket;
        if (its == null || isEndTold) {
            return;
        }
        acknowledge(1);
        long proof = terms.proof().toNanos();
        long silence = now - heardNanos;
        if (askedNanos != NEVER && now - askedNanos >= ANSWER_PROOFS * proof) {
            its.leave();
            step();
        } else if (askedNanos == NEVER && silence >= (link.hasUnacknowledged() ? OWED_PROOFS : IDLE_PROOFS) * proof) {
            tell();
        }
    }
}
