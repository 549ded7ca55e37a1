package dev.duplex.bench;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Undertow's own WebSocket API, without servlets. */
final class UndertowServer {
    private static final Map<String, Set<WebSocketChannel>> ROOMS = new ConcurrentHashMap<>();

    private UndertowServer() {}

    public static void main(String... args) {
        Given given = Given.of(args);
        Undertow.Builder builder = Undertow.builder();
        if (given.hasTls()) {
            builder.addHttpsListener(given.port(), "127.0.0.1", given.sslContext());
        } else {
            builder.addHttpListener(given.port(), "127.0.0.1");
        }
        builder.setHandler(Handlers.path()
                        .addExactPath("/echo", upgrade((exchange, channel) -> listen(channel, new Echo())))
                        .addPrefixPath("/room", upgrade((exchange, channel) -> enter(exchange.getRequestURI(), channel))))
                .build().start();
    }

    private static WebSocketProtocolHandshakeHandler upgrade(WebSocketConnectionCallback opened) {
        return Handlers.websocket(opened).addExtension(new PerMessageDeflateHandshake());
    }

    private static void enter(String name, WebSocketChannel channel) {
        Set<WebSocketChannel> room = ROOMS.computeIfAbsent(name, created -> ConcurrentHashMap.newKeySet());
        room.add(channel);
        channel.addCloseTask(room::remove);
        listen(channel, new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(WebSocketChannel sender, BufferedTextMessage message) {
                String text = message.getData();
                for (WebSocketChannel other : room) {
                    if (other != sender) {
                        WebSockets.sendText(text, other, null);
                    }
                }
            }
        });
    }

    private static void listen(WebSocketChannel channel, AbstractReceiveListener listener) {
        channel.getReceiveSetter().set(listener);
        channel.resumeReceives();
    }

    private static final class Echo extends AbstractReceiveListener {
        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            var data = message.getData();
            WebSockets.sendBinary(data.getResource(), channel, new WebSocketCallback<>() {
                @Override
                public void complete(WebSocketChannel sent, Void nothing) {
                    data.close();
                }

                @Override
                public void onError(WebSocketChannel failed, Void nothing, Throwable cause) {
                    data.close();
                }
            });
        }
    }
}
