package dev.duplex.bench;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty's own WebSocket API, without servlets. */
final class JettyServer {
    private static final Map<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();

    private JettyServer() {}

    public static void main(String... args) throws Exception {
        Given given = Given.of(args);
        Server server = new Server();
        HttpConnectionFactory http = new HttpConnectionFactory(new HttpConfiguration());
        ServerConnector connector;
        if (given.hasTls()) {
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setSslContext(given.sslContext());
            connector = new ServerConnector(server, tls, http);
        } else {
            connector = new ServerConnector(server, http);
        }
        connector.setHost("127.0.0.1");
        connector.setPort(given.port());
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxTextMessageSize(Given.MAX_MESSAGE_BYTES);
            container.setMaxBinaryMessageSize(Given.MAX_MESSAGE_BYTES);
            container.addMapping("/echo", (request, response, callback) -> new Echo());
            container.addMapping("/room/*", (request, response, callback) -> new Member(request.getHttpURI().getPath()));
        }));
        server.start();
    }

    /** Public, with public methods: Jetty calls it by reflection. */
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            getSession().sendText(message, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }

    /** Public, as above. */
    public static final class Member extends Session.Listener.AbstractAutoDemanding {
        private final Set<Session> room;

        Member(String name) {
            room = ROOMS.computeIfAbsent(name, created -> ConcurrentHashMap.newKeySet());
        }

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            room.add(session);
        }

        @Override
        public void onWebSocketText(String message) {
            for (Session other : room) {
                if (other != getSession()) {
                    other.sendText(message, Callback.NOOP);
                }
            }
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            room.remove(getSession());
            callback.succeed();
        }
    }
}
