package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.Rejection;
import dev.duplex.netty.Door;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpService;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tunnel;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Engine.IO 4, the wire of a widely used client: long polling that is upgraded to a WebSocket while it is in use.
 *
 * <pre>{@code EngineIo.at(WebSocketServer.builder(), "/engine.io/", endpoint)}</pre>
 *
 * <p>The endpoint sees connections like any others. Malformed requests are answered {@code {"code":n,"message":…}}.
 */
public final class EngineIo {
    /** The errors of the protocol, each with its number by order. */
    enum Fault {
        TRANSPORT_UNKNOWN("Transport unknown"),
        SESSION_UNKNOWN("Session ID unknown"),
        BAD_METHOD("Bad handshake method"),
        BAD_REQUEST("Bad request"),
        FORBIDDEN("Forbidden"),
        UNSUPPORTED_VERSION("Unsupported protocol version");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        int status() {
            return this == FORBIDDEN ? 403 : 400;
        }

        String json() {
            return "{\"code\":" + ordinal() + ",\"message\":\"" + words + "\"}";
        }
    }

    /** What its clients expect. */
    static final Duration PING_INTERVAL = Duration.ofSeconds(25);
    static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

    private final SessionIds ids = new SessionIds();
    private final int maxSessions = SessionIds.mostSessions();
    private final Sessions<EngineSession> sessions = new Sessions<>(EngineSession::id);
    private final Endpoint endpoint;

    private final Duration pingInterval;
    private final Duration pingTimeout;

    private EngineIo(Endpoint endpoint, Duration pingInterval, Duration pingTimeout) {
        if (!pingInterval.isPositive() || !pingTimeout.isPositive()) {
            throw new IllegalArgumentException("a ping needs a positive interval and timeout: " + pingInterval + ", " + pingTimeout);
        }
        this.endpoint = endpoint;
        this.pingInterval = pingInterval;
        this.pingTimeout = pingTimeout;
    }

    /** Speaks Engine.IO at a path of a server, for an endpoint. */
    public static ServerBuilder at(ServerBuilder server, String path, Endpoint endpoint) {
        return at(server, path, endpoint, PING_INTERVAL, PING_TIMEOUT);
    }

    /** The same with other times: from one ping to the next (25 s), and how long its answer may take (20 s). */
    public static ServerBuilder at(ServerBuilder server, String path, Endpoint endpoint, Duration pingInterval, Duration pingTimeout) {
        EngineIo engine = new EngineIo(endpoint, pingInterval, pingTimeout);
        return server.endpoint(path, engine::openSocket).service(path, new HttpService() {
            @Override
            public void serve(HttpExchange exchange) {
                engine.serve(exchange);
            }

            @Override
            public Set<String> methods() {
                return Set.of("GET", "POST", "OPTIONS");
            }
        });
    }

    // Polling

    private void serve(HttpExchange exchange) {
        Answers answers = new Answers(exchange.query().headers());
        Door door = exchange.door(endpoint);
        Map<String, String> asked = parameters(exchange.query().query());
        if (!door.permitsOrigin()) {
            exchange.answer(HttpAnswer.json(403, Fault.FORBIDDEN.json()));
        } else if (exchange.method().equals("OPTIONS")) {
            exchange.answer(answers.preflight());
        } else if (!asked.getOrDefault("EIO", "").equals("4")) {
            refuse(exchange, answers, Fault.UNSUPPORTED_VERSION);
        } else if (!Set.of("polling", "websocket").contains(asked.getOrDefault("transport", ""))) {
            refuse(exchange, answers, Fault.TRANSPORT_UNKNOWN);
        } else if (asked.get("transport").equals("websocket")) {
            refuse(exchange, answers, Fault.BAD_REQUEST);
        } else if (asked.containsKey("sid")) {
            goOn(exchange, answers, asked.get("sid"));
        } else {
            open(exchange, answers, door);
        }
    }

    private void open(HttpExchange exchange, Answers answers, Door door) {
        if (!exchange.method().equals("GET")) {
            refuse(exchange, answers, Fault.BAD_METHOD);
            return;
        }
        if (sessions.size() >= maxSessions) {
            exchange.answer(answers.text(503, "too many connections").with("Retry-After", "5"));
            return;
        }
        EngineSession session = new EngineSession(this, ids.next(), Credentials.of(exchange.query().headers()));
        sessions.put(session);
        try {
            door.open(Carrier.ENGINE_IO, exchange.query().query(), List.of(), session);
            exchange.answer(answers.of(EnginePackets.answer(session.opening(true))));
        } catch (Rejection refused) {
            forget(session);
            exchange.answer(answers.of(new HttpAnswer(refused.status(), refused.headers(), refused.body().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private void goOn(HttpExchange exchange, Answers answers, String id) {
        EngineSession session = sessions.get(id);
        if (session == null) {
            refuse(exchange, answers, Fault.SESSION_UNKNOWN);
        } else if (!session.credentials().areShownBy(exchange.query().headers())) {
            refuse(exchange, answers, Fault.FORBIDDEN);
        } else if (exchange.method().equals("POST")) {
            session.run(() -> session.receive(exchange, answers));
        } else {
            session.run(() -> session.deliver(exchange, answers));
        }
    }

    Duration pingInterval() {
        return pingInterval;
    }

    Duration pingTimeout() {
        return pingTimeout;
    }

    static void refuse(HttpExchange exchange, Answers answers, Fault fault) {
        exchange.answer(answers.of(HttpAnswer.json(fault.status(), fault.json())));
    }

    void forget(EngineSession session) {
        sessions.remove(session);
    }

    // WebSocket

    private Listener openSocket(Opening opening) {
        Map<String, String> asked = parameters(opening.query());
        if (!asked.getOrDefault("EIO", "").equals("4")) {
            throw refusal(Fault.UNSUPPORTED_VERSION);
        }
        if (!asked.getOrDefault("transport", "").equals("websocket")) {
            throw refusal(asked.getOrDefault("transport", "").equals("polling") ? Fault.BAD_REQUEST : Fault.TRANSPORT_UNKNOWN);
        }
        if (!asked.containsKey("sid")) {
            Opening told = new Opening(opening.path(), opening.query(), opening.variables(), opening.headers(), List.of(),
                    Optional.empty(), opening.remoteAddress(), Carrier.ENGINE_IO, opening.isSecure(), opening.peerCertificate());
            Listener listener = endpoint.open(told); // may refuse, as long as the opening can still be answered with its status
            return new Socket(new EngineSession(this, ids.next(), Credentials.of(opening.headers())), told, listener);
        }
        EngineSession session = sessions.get(asked.get("sid"));
        if (session == null) {
            throw refusal(Fault.SESSION_UNKNOWN);
        }
        if (!session.credentials().areShownBy(opening.headers())) {
            throw refusal(Fault.FORBIDDEN);
        }
        return new Socket(session, null, null);
    }

    private static Rejection refusal(Fault fault) {
        return new Rejection(fault.status(), Headers.of("Content-Type", "application/json"), fault.json());
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** A WebSocket of Engine.IO: a session's first transport, or the one it is upgraded to. */
    private final class Socket implements Listener {
        private final EngineSession session;
        private final Opening opening;
        private final Listener listener;

        /**
         * @param opening of a session that begins here, as the endpoint was told; null if it has begun by polling
         * @param listener the endpoint's, for a session that begins here
         */
        Socket(EngineSession session, Opening opening, Listener listener) {
            this.session = session;
            this.opening = opening;
            this.listener = listener;
        }

        @Override
        public void onOpen(Connection connection) {
            if (opening == null) {
                session.run(() -> session.probe(connection));
                return;
            }
            sessions.put(session);
            connection.send(session.opening(false));
            session.beginOver(connection);
            try {
                Tunnel.beside(connection, opening, asked -> listener, session);
            } catch (RuntimeException | Error failed) {
                forget(session);
                throw failed;
            }
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            session.run(() -> session.fromSocket(connection, message));
        }

        @Override
        public void onWritable(Connection connection) {
            session.run(session::socketIsWritable);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            session.run(() -> session.socketEnded(connection, reason));
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }
}
