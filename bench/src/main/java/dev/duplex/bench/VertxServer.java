package dev.duplex.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Vert.x with its native transport, and OpenSSL for TLS, as its documentation recommends; one event loop. */
final class VertxServer {
    private static final Map<String, Set<ServerWebSocket>> ROOMS = new HashMap<>();

    private VertxServer() {}

    public static void main(String... args) {
        Given given = Given.of(args);
        HttpServerOptions options = new HttpServerOptions()
                .setPerMessageWebSocketCompressionSupported(true)
                // The race offers compression that keeps no context.
                .setWebSocketAllowServerNoContext(true)
                .setWebSocketPreferredClientNoContext(true)
                .setMaxWebSocketFrameSize(Given.MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(Given.MAX_MESSAGE_BYTES);
        if (given.hasTls()) {
            options.setSsl(true).setSslEngineOptions(new OpenSSLEngineOptions())
                    .setKeyCertOptions(new PemKeyCertOptions().setCertPath(given.certificate().toString()).setKeyPath(given.key().toString()));
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        vertx.createHttpServer(options).webSocketHandler(VertxServer::open).listen(given.port(), "127.0.0.1")
                .onFailure(failure -> {
                    System.err.println(failure);
                    System.exit(1);
                });
    }

    private static void open(ServerWebSocket socket) {
        if (!socket.path().startsWith("/room/")) {
            socket.textMessageHandler(socket::writeTextMessage);
            socket.binaryMessageHandler(socket::writeBinaryMessage);
            return;
        }
        Set<ServerWebSocket> room = ROOMS.computeIfAbsent(socket.path(), name -> new LinkedHashSet<>());
        room.add(socket);
        socket.closeHandler(closed -> room.remove(socket));
        socket.textMessageHandler(text -> {
            for (ServerWebSocket other : room) {
                if (other != socket) {
                    other.writeTextMessage(text);
                }
            }
        });
    }
}
