package dev.duplex.fallback;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpQuery;
import dev.duplex.netty.Tunnel;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * One connection at the server: its bytes both ways, numbered, over one request after another, or over a WebSocket.
 *
 * <pre>
 *   POST at=n ──► [0 … n … received ──► tunnel          n above received: 409, and the client goes back
 *   GET ack=n ◄── [n … sent … end] ◄── tunnel           below n: forgotten; sent again from n on
 *   WebSocket ◄─► the same numbers, and the newest of both gets the server's bytes
 * </pre>
 *
 * <p>So a lost response is asked for again, a doubled request brings nothing new, and one that came too early is refused. Runs on
 * the tunnel's loop; the requests may be on others.
 */
final class Session implements Tunnel.Line, CarryingSocket.User {
    /** Shorter than the 30 s after which the first proxies give a silent request up. */
    static final Duration MOST_HELD = Duration.ofSeconds(25);

    /** How long the end waits to be fetched, and fetched again if the response was lost. */
    static final Duration LINGER = Duration.ofSeconds(10);

    static final int MAX_WAITING_BYTES = 1 << 20;
    private static final int UNACKNOWLEDGED_BYTES = SendBuffer.WINDOW_BYTES / 4;

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
    private Response down;
    private Up up;
    /** Carries, in place of {@code down}. */
    private CarryingSocket socket;
    /** Has opened, and its client has not yet said that anything comes through. */
    private CarryingSocket proving;
    private long provingNanos;
    /** How many have been asked to carry, with this one. */
    private long provingCount;
    /** The one that has carried the end. */
    private CarryingSocket endTold;
    /** How many WebSockets the client has asked to carry, as far as is known here: what was made before the last of them came too late. */
    private long switches;
    private long sent;
    private long received;
    /** What the application has taken of it. */
    private long taken;
    private long seenNanos;
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

    /**
     * The newest request for the server's bytes is the one that gets them: the one before may be lost without anyone's notice.
     *
     * @param after how many WebSockets had been asked to carry when the request was made, if it tells
     */
    void deliver(HttpExchange exchange, Answers answers, Delivery delivery, long acknowledged, Duration hold, OptionalLong after) {
        if (after.orElse(switches) < switches) {
            exchange.answer(answers.of(HttpAnswer.of(200, delivery.mediaType(), new byte[0])));
            return;
        }
        switches = after.orElse(switches);
        if (!out.acknowledge(acknowledged)) {
            exchange.answer(answers.text(400, "byte " + acknowledged + " is not kept here"));
            return;
        }
        seenNanos = tunnel.nanoTime();
        boolean wasCarried = socket != null;
        release();
        if (wasCarried) {
            uncarried();
        }
        sent = acknowledged;
        tunnel.writable();
        Response begun = Response.begin(exchange, answers, delivery, seenNanos, hold, () -> run(this::flush));
        down = begun;
        exchange.whenGone(() -> run(() -> gone(begun)));
        flush();
    }

    void receive(HttpExchange exchange, Answers answers, long at, long acknowledged, boolean isEnd, Duration hold) {
        seenNanos = tunnel.nanoTime();
        if (acknowledged > out.end()) {
            exchange.answer(answers.text(400, "byte " + acknowledged + " was never sent"));
            return;
        }
        acknowledge(acknowledged);
        if (at > received) {
            exchange.answer(answers.text(409, Long.toString(received)));
            return;
        }
        take(exchange.body(), at);
        countTaken();
        if (isEnd) {
            tunnel.end();
        }
        answerUp();
        up = new Up(exchange, answers, seenNanos + hold.toNanos());
        if (tunnel.waitingBytes() == 0 || hasEnded) {
            answerUp();
        }
    }

    private void acknowledge(long upTo) {
        if (upTo > out.start()) {
            out.acknowledge(upTo);
            sent = Math.max(sent, upTo);
            tunnel.writable();
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

    private void countTaken() {
        if (tunnel.waitingBytes() == 0) {
            taken = received;
        }
        if (socket != null && taken - socket.told() >= UNACKNOWLEDGED_BYTES) {
            socket.tell(taken);
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

    /** Ends the response under way, empty if nothing was said in it; a WebSocket that carries is left. */
    private void release() {
        Response last = down;
        down = null;
        CarryingSocket left = socket;
        socket = null;
        if (left != null) {
            left.leave();
        }
        if (last != null) {
            last.end();
        }
    }

    private void gone(Response lost) {
        if (down == lost) {
            down = null;
            seenNanos = tunnel.nanoTime();
        }
    }

    @Override
    public void flush() {
        if (socket != null) {
            carry();
        } else if (down != null) {
            sent = down.send(out, sent, hasEnded, tunnel.nanoTime());
            if (down.isOver()) {
                down = null;
            }
        }
    }

    // WebSockets

    /** A session that begins over a WebSocket tells its name there, and need not wait for the client. */
    void begin(CarryingSocket first, String subprotocol) {
        first.say(id + "\n" + subprotocol + "\n");
        socket = first;
        flush();
    }

    /**
     * Another one wants to carry; it may, as soon as its client has heard of it.
     *
     * @param count how many will have been asked to carry then, if it tells
     */
    void prove(CarryingSocket opened, OptionalLong count) {
        if (proving != null) {
            proving.leave();
        }
        if (hasEnded) {
            opened.leave(); // requests fetch the end, and nothing will look after this one when they have
            return;
        }
        proving = opened;
        provingCount = count.orElse(switches + 1);
        provingNanos = tunnel.nanoTime();
        opened.receiveAt(received);
        opened.tell(received);
    }

    @Override
    public void wants(CarryingSocket from, OptionalLong wanted) {
        if (from != socket && from != proving) {
            return;
        }
        boolean isKept = wanted.isPresent() && wanted.getAsLong() <= out.end() && (from == socket || wanted.getAsLong() >= out.start());
        if (!isKept) {
            from.refuse("there is no such byte here");
        } else if (from == proving && provingCount <= switches) {
            from.leave(); // its client has given it up, and asks by requests
        } else if (from == proving) {
            climb(wanted.getAsLong());
        } else {
            acknowledge(wanted.getAsLong());
            from.tell(taken); // who tells also asks whether anything comes through
            flush();
        }
    }

    @Override
    public void ended(CarryingSocket from) {
        if (from == socket) {
            tunnel.end();
        }
    }

    private void climb(long wanted) {
        CarryingSocket next = proving;
        proving = null;
        release();
        switches = provingCount;
        acknowledge(wanted); // lets the tunnel write and flush, which must not reach the next one before its numbers are set
        sent = wanted;
        next.sendAt(wanted);
        next.tell(taken);
        socket = next;
        fallback.carried(this);
        flush();
    }

    @Override
    public void came(CarryingSocket from, byte[] bytes, long at) {
        if (from == socket) {
            if (at <= received) {
                take(bytes, at);
            }
            if (received < at + bytes.length) {
                from.refuse("more than was asked for");
            }
            countTaken();
        }
    }

    @Override
    public void writable(CarryingSocket drained) {
        flush();
    }

    @Override
    public void gone(CarryingSocket lost) {
        if (lost == socket) {
            socket = null;
            seenNanos = tunnel.nanoTime();
            uncarried();
        } else if (lost == proving) {
            proving = null;
        }
    }

    /** One that has ended is soon forgotten, and takes nobody's room. */
    private void uncarried() {
        if (!hasEnded && !fallback.uncarried(this)) {
            run(tunnel::endIdle);
        }
    }

    private void carry() {
        sent = socket.send(out, sent);
        if (hasEnded && sent == out.end() && endTold != socket) {
            endTold = socket;
            socket.sayEnd();
        }
    }

    private void beatSocket(long now) {
        if (socket != null && taken > socket.told()) {
            socket.tell(taken);
        }
        if (proving != null && now - provingNanos >= LINGER.toNanos()) {
            proving.leave();
        }
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
        countTaken();
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
        if (down != null) {
            down.beat(now, held);
            if (down.isOver()) {
                down = null;
                seenNanos = now;
            }
        }
        beatSocket(now);
        if (hasEnded && now - endedNanos >= LINGER.toNanos()) {
            release();
            tunnel.forget();
            fallback.forget(this);
        } else if (!hasEnded && down == null && up == null && socket == null && now - seenNanos >= idle.toNanos()) {
            tunnel.endIdle();
        }
    }
}
