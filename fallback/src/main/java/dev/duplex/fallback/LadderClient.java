package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Reconnect;
import dev.duplex.netty.Reconnecting;
import dev.duplex.netty.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A client that gets through: by WebSocket, else by streaming, else by long polling, else by polling; may be shared by threads.
 *
 * <pre>
 *   WebSocket ──► streaming ──► long polling ──► polling       down as soon as a rung does not hold
 *             ◄──           ◄──              ◄──               up after {@code climbAfter}
 * </pre>
 *
 * <p>A rung holds if what is sent comes back: a proxy that accepts the upgrade and swallows the frames, or keeps a stream to itself,
 * is found out and passed by, before the listener is told of anything. Later on a connection moves up and down while it lasts, and
 * loses nothing: its bytes are counted at both ends, over a WebSocket, too. A server that knows nothing of this gets a WebSocket
 * like any other, which ends when it is cut.
 */
public final class LadderClient implements AutoCloseable {
    private static final List<Carrier> ALL = List.of(Carrier.HTTP_1_1, Carrier.STREAMING, Carrier.LONG_POLLING, Carrier.POLLING);

    private final WebSocketClient client;
    private final Terms terms;
    private final Requests requests;
    private final Map<String, Long> blockedNanos = new ConcurrentHashMap<>();

    /**
     * How the ladder is climbed.
     *
     * @param rungs from the best on
     * @param proof how long a rung may take to show that it holds
     * @param climbAfter how long a rung that did not hold is left alone, the first time
     * @param pollInterval from one poll to the next
     * @param patience how long nothing at all may get through, or nothing of what is sent, before the connection is lost
     */
    record Terms(List<Carrier> rungs, Duration proof, Duration climbAfter, Duration pollInterval, Duration patience) {
        static final Terms STANDARD =
                new Terms(ALL, Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    private LadderClient(WebSocketClient client, Terms terms) {
        this.client = client;
        this.terms = terms;
        this.requests = new Requests(client.settings());
    }

    /**
     * A ladder whose connections have the settings of a client: its headers, limits, pings and trust; ended with this.
     *
     * <p>Of a client with a proxy of its own, or with a Unix socket, only WebSocket is tried: plain HTTP would go past them.
     */
    public static LadderClient over(WebSocketClient client) {
        return new LadderClient(client, Terms.STANDARD);
    }

    /** Opens one conversation with all settings at their defaults. */
    public static Conversation connect(String uri) {
        return over(WebSocketClient.builder().build()).converse(URI.create(uri));
    }

    /** The same ladder with these rungs alone, from the best on; WebSocket is {@link Carrier#HTTP_1_1}. */
    public LadderClient rungs(Carrier... rungs) {
        List.of(rungs).stream().filter(rung -> rung != Carrier.HTTP_1_1).forEach(Delivery::of);
        if (rungs.length == 0) {
            throw new IllegalArgumentException("a ladder has a rung");
        }
        if (client.settings().isRouted() && !List.of(rungs).contains(Carrier.HTTP_1_1)) {
            throw new IllegalArgumentException("through a proxy of its own, or to a Unix socket, a client has WebSocket alone");
        }
        return new LadderClient(client, new Terms(List.of(rungs), terms.proof, terms.climbAfter, terms.pollInterval, terms.patience));
    }

    /** The same with other times: for a rung to show that it holds (3 s), until it is tried again (10 s, and longer from try to try), between polls (1 s). */
    public LadderClient times(Duration proof, Duration climbAfter, Duration pollInterval) {
        if (!proof.isPositive() || !climbAfter.isPositive() || !pollInterval.isPositive()) {
            throw new IllegalArgumentException("times must be positive: " + proof + ", " + climbAfter + ", " + pollInterval);
        }
        return new LadderClient(client, new Terms(terms.rungs, proof, climbAfter, pollInterval, terms.patience));
    }

    /**
     * The same with another patience (30 s): for so long nothing at all may get through by plain HTTP, or nothing of what is sent,
     * before a connection is lost.
     */
    public LadderClient patience(Duration patience) {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("a patience must be positive: " + patience);
        }
        return new LadderClient(client, new Terms(terms.rungs, terms.proof, terms.climbAfter, terms.pollInterval, patience));
    }

    /**
     * Opens a connection in blocking style, and waits until it is open; not to be called on an event loop.
     *
     * @param uri {@code ws://} or {@code wss://}, whatever will carry it
     * @throws ConnectFailedException if no rung holds, saying why of the last
     */
    public Conversation converse(URI uri) {
        return converse(uri, false);
    }

    /** The same with messages in parts: {@link Conversation#receivePart} instead of {@link Conversation#receive}. */
    public Conversation converseInParts(URI uri) {
        return converse(uri, true);
    }

    private Conversation converse(URI uri, boolean wantsParts) {
        CompletableFuture<Conversation> opened = new CompletableFuture<>();
        try {
            open(uri, Conversation.listener(opened, wantsParts)).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ConnectFailedException failed ? failed.again() : e;
        }
        return opened.join();
    }

    /**
     * Opens a connection in callback style.
     *
     * @return completes after {@link Listener#onOpen}; fails with {@link ConnectFailedException}, and then no callback is made
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public CompletionStage<Connection> open(URI uri, Listener listener) {
        Objects.requireNonNull(listener, "listener");
        return open(uri, opening -> listener);
    }

    /**
     * Keeps a connection open: when it is lost, or no rung holds, it is opened again after a while, from the best rung on.
     *
     * @param endpoint makes the listener of each new connection, and of each rung that is tried for it
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public Reconnecting keepOpen(URI uri, Endpoint endpoint, Reconnect reconnect) {
        Requests.http(uri);
        return client.keepOpen(() -> open(uri, endpoint), reconnect);
    }

    private CompletionStage<Connection> open(URI uri, Endpoint endpoint) {
        String where = Requests.http(uri).resolve("/").toString();
        Long blocked = blockedNanos.get(where);
        boolean isBlocked = blocked != null && System.nanoTime() - blocked < terms.climbAfter.toNanos();
        boolean hasLower = !client.settings().isRouted() && terms.rungs.stream().anyMatch(rung -> rung != Carrier.HTTP_1_1);
        if (!terms.rungs.contains(Carrier.HTTP_1_1) || isBlocked && hasLower) {
            return descent(uri).open(endpoint);
        }
        CompletionStage<Connection> byWebSocket = hasLower ? new Ascent(client, descent(uri)).open(endpoint) : Ascent.plain(client, uri, endpoint, terms.proof);
        return byWebSocket.handle((connection, failure) -> {
            if (failure == null) {
                blockedNanos.remove(where);
                return CompletableFuture.completedStage(connection);
            } else if (!hasLower) {
                return CompletableFuture.<Connection>failedStage(cause(failure));
            }
            return descent(uri).open(endpoint).whenComplete((lower, why) -> {
                if (why == null) {
                    blockedNanos.put(where, System.nanoTime());
                }
            });
        }).thenCompose(Function.identity());
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    }

    private Descent descent(URI uri) {
        List<Delivery> deliveries = terms.rungs.stream().filter(rung -> rung != Carrier.HTTP_1_1).map(Delivery::of).toList();
        Climber climber = terms.rungs.contains(Carrier.HTTP_1_1) ? new Climber(client, uri) : null;
        return new Descent(client, requests, uri, deliveries, terms, climber);
    }

    /** Closes all its connections with 1001, and the client below it. */
    @Override
    public void close() {
        client.close();
    }
}
