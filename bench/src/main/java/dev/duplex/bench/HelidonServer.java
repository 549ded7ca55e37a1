package dev.duplex.bench;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.tls.Tls;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Helidon's WebSocket on virtual threads. It has no compression. */
final class HelidonServer {
    private static final Map<String, Set<WsSession>> ROOMS = new ConcurrentHashMap<>();

    private HelidonServer() {}

    public static void main(String... args) {
        Given given = Given.of(args);
        WebServerConfig.Builder builder = WebServer.builder()
                .host("127.0.0.1")
                .port(given.port())
                .addProtocol(WsConfig.builder().maxFrameLength(Given.MAX_MESSAGE_BYTES).build())
                .addRouting(WsRouting.builder().endpoint("/echo", Echo::new).endpoint("/room/*", Member::new));
        if (given.hasTls()) {
            builder.tls(Tls.builder().sslContext(given.sslContext()).build());
        }
        builder.build().start();
    }

    private static final class Echo implements WsListener {
        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            session.send(buffer, last);
        }
    }

    private static final class Member implements WsListener {
        private Set<WsSession> room;

        @Override
        public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
            room = ROOMS.computeIfAbsent(prologue.uriPath().path(), created -> ConcurrentHashMap.newKeySet());
            return Optional.empty();
        }

        @Override
        public void onOpen(WsSession session) {
            room.add(session);
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            for (WsSession other : room) {
                if (other != session) {
                    other.send(text, last);
                }
            }
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            room.remove(session);
        }
    }
}
