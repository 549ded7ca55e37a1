package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import dev.duplex.api.Rejection;
import dev.duplex.netty.CarryingListener;
import dev.duplex.netty.Door;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpCarrier;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpQuery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Connections over plain HTTP at a server, where a proxy lets no WebSocket through.
 *
 * <pre>{@code WebSocketServer.builder().carrier(new Fallback())}</pre>
 *
 * <p>They open at the paths of the server's endpoints, with the same origins, rejections and limits. A response streams, or waits
 * until there is something (long polling), or comes at once (polling); what the client sends comes by POST. One object serves one
 * server. The wire stands in {@code docs/fallback.md}.
 */
public final class Fallback implements HttpCarrier {
    /** As long as a dead peer is missed over a socket. */
    static final Duration IDLE = Duration.ofSeconds(33);

    private final SessionIds ids = new SessionIds();
    private final Sessions<Session> sessions = new Sessions<>(Session::id);
    /** Those that a WebSocket carries now, so that sockets bound them. */
    private final Set<String> carried = ConcurrentHashMap.newKeySet();
    private final int maxSessions;
    private final Duration idle;
    private final Duration held;

    /** With as many connections as memory allows, each gone 33 s after its last request. */
    public Fallback() {
        this(SessionIds.mostSessions(), IDLE, Session.MOST_HELD);
    }

    /**
     * With other bounds.
     *
     * @param maxSessions connections above this number are answered 503; those that a WebSocket carries are not counted, since a server
     *     bounds its sockets anyhow, and one that loses its WebSocket when there are as many ends with 1006
     * @param idle how long a connection may be without any request
     * @param held how long a request waits for something at most, and how often a stream shows that it lives; 25 s, below the 30 s
     *     after which the first proxies give up
     */
    public Fallback(int maxSessions, Duration idle, Duration held) {
        if (maxSessions < 1 || !idle.isPositive() || !held.isPositive()) {
            throw new IllegalArgumentException("there must be room and time for one connection: " + maxSessions + ", " + idle + ", " + held);
        }
        this.maxSessions = maxSessions;
        this.idle = idle;
        this.held = held;
    }

    /** The number of sessions, those included that have ended and wait for their client to hear of it. */
    public int sessionCount() {
        return sessions.size();
    }

    @Override
    public boolean takes(HttpQuery query) {
        return query.query().contains("duplex") && !Parameters.of(query.query()).isEmpty();
    }

    @Override
    public void serve(HttpExchange exchange, Door door) {
        Parameters parameters = Parameters.of(exchange.query().query());
        Answers answers = new Answers(exchange.query().headers());
        if (exchange.method().equals("OPTIONS")) {
            exchange.answer(answers.preflight());
        } else if (parameters.isMalformed()) {
            exchange.answer(answers.text(400, "the request is malformed"));
        } else if (parameters.session().equals("open")) {
            open(exchange, door, parameters, answers);
        } else {
            goOn(exchange, parameters, answers);
        }
    }

    private void open(HttpExchange exchange, Door door, Parameters parameters, Answers answers) {
        Optional<Delivery> delivery = parameters.text("as").flatMap(Delivery::of);
        if (!exchange.method().equals("POST") || delivery.isEmpty()) {
            exchange.answer(answers.text(400, "a connection is opened by POST, with duplex-as=stream, events, long or poll"));
            return;
        }
        if (sessions.size() - carried.size() >= maxSessions) {
            exchange.answer(answers.text(503, "too many connections").with("Retry-After", "5"));
            return;
        }
        Session session = new Session(this, ids.next(), exchange.query(), idle, held);
        List<String> offered = Stream.of(parameters.text("protocol").orElse("").split(",")).filter(name -> !name.isEmpty()).toList();
        sessions.put(session);
        try {
            Optional<String> chosen = door.open(delivery.get().carrier(), parameters.rest(), offered, session).connection().opening().subprotocol();
            exchange.answer(answers.text(200, session.id() + "\n" + chosen.orElse("") + "\n"));
        } catch (Rejection refused) {
            forget(session);
            exchange.answer(answers.of(new HttpAnswer(refused.status(), refused.headers(), refused.body().getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.of(CarryingSocket.SUBPROTOCOL);
    }

    @Override
    public CarryingListener carry(HttpQuery query, Door door, Carrier carrier, List<String> offered) {
        Parameters parameters = Parameters.of(query.query());
        if (parameters.isMalformed()) {
            throw new Rejection(400, "the request is malformed");
        }
        return parameters.isEmpty() ? begin(query, door, carrier, offered) : goOn(query, parameters);
    }

    private CarryingListener begin(HttpQuery query, Door door, Carrier carrier, List<String> offered) {
        Session session = new Session(this, ids.next(), query, idle, held);
        sessions.put(session);
        carried.add(session.id());
        try {
            String chosen = door.open(carrier, query.query(), offered, session).connection().opening().subprotocol().orElse("");
            return new CarryingSocket(session, session::run, opened -> session.begin(opened, chosen));
        } catch (Rejection refused) {
            forget(session);
            throw refused;
        }
    }

    private CarryingListener goOn(HttpQuery query, Parameters parameters) {
        Session session = sessions.get(parameters.session());
        if (!parameters.text("as").equals(Optional.of("socket"))) {
            throw new Rejection(400, "this address is one of plain HTTP");
        }
        if (session == null || !session.path().equals(query.path())) {
            throw new Rejection(400, "there is no such session");
        }
        if (!session.credentials().areShownBy(query.headers())) {
            throw new Rejection(403, "this session is not yours");
        }
        OptionalLong count = parameters.named("after");
        return new CarryingSocket(session, session::run, opened -> session.prove(opened, count));
    }

    private void goOn(HttpExchange exchange, Parameters parameters, Answers answers) {
        Session session = sessions.get(parameters.session());
        OptionalLong acknowledged = parameters.named("ack");
        if (session == null || !session.path().equals(exchange.query().path())) {
            exchange.answer(answers.text(400, "there is no such session"));
        } else if (!session.credentials().areShownBy(exchange.query().headers())) {
            exchange.answer(answers.text(403, "this session is not yours"));
        } else if (exchange.method().equals("POST")) {
            receive(exchange, parameters, answers, session);
        } else {
            deliver(exchange, parameters, answers, session, acknowledged);
        }
    }

    private void receive(HttpExchange exchange, Parameters parameters, Answers answers, Session session) {
        OptionalLong at = parameters.named("at");
        OptionalLong acknowledged = parameters.named("ack");
        String type = exchange.query().headers().first("Content-Type").orElse("");
        if (at.isEmpty() || acknowledged.isEmpty() || exchange.body().length > 0 && !type.equals("application/octet-stream")) {
            exchange.answer(answers.text(400, "bytes come as application/octet-stream, with duplex-at and duplex-ack"));
        } else {
            boolean isEnd = parameters.text("end").isPresent();
            Duration hold = hold(parameters);
            session.run(() -> session.receive(exchange, answers, at.getAsLong(), acknowledged.getAsLong(), isEnd, hold));
        }
    }

    /** An EventSource that comes back tells by {@code Last-Event-ID} what it has, and not by the address it began with. */
    private void deliver(HttpExchange exchange, Parameters parameters, Answers answers, Session session, OptionalLong inQuery) {
        Optional<Delivery> delivery = parameters.text("as").flatMap(Delivery::of);
        List<String> lastEvent = exchange.query().headers().all("Last-Event-ID");
        boolean isAgain = !lastEvent.isEmpty() && delivery.equals(Optional.of(Delivery.EVENTS));
        OptionalLong acknowledged = !isAgain ? inQuery : Parameters.number(String.join(",", lastEvent));
        if (delivery.isEmpty() || acknowledged.isEmpty()) {
            exchange.answer(answers.text(400, "bytes are fetched with duplex-as and duplex-ack"));
        } else {
            Duration hold = hold(parameters);
            OptionalLong after = parameters.named("after");
            session.run(() -> session.deliver(exchange, answers, delivery.get(), acknowledged.getAsLong(), hold, after));
        }
    }

    private Duration hold(Parameters parameters) {
        return Duration.ofMillis(Math.min(parameters.named("hold").orElse(Long.MAX_VALUE), held.toMillis()));
    }

    /** A WebSocket carries it from here on. */
    void carried(Session session) {
        carried.add(session.id());
    }

    /** Requests carry it from here on: whether there is room for it among those that they do. */
    boolean uncarried(Session session) {
        carried.remove(session.id());
        return sessions.size() - carried.size() <= maxSessions;
    }

    void forget(Session session) {
        sessions.remove(session);
        carried.remove(session.id());
    }
}
