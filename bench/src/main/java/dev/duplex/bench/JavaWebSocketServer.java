package dev.duplex.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket with its compression, and without Nagle's delay. */
final class JavaWebSocketServer extends WebSocketServer {
    private static final Map<String, Set<WebSocket>> ROOMS = new ConcurrentHashMap<>();

    private JavaWebSocketServer(Given given) {
        super(new InetSocketAddress("127.0.0.1", given.port()), List.of(new Draft_6455(compression())));
        setTcpNoDelay(true);
        if (given.hasTls()) {
            setWebSocketFactory(new DefaultSSLWebSocketServerFactory(given.sslContext()));
        }
    }

    /** Its threshold of 1 KiB is off, so that the race's messages of 512 bytes are compressed by everybody. */
    private static PerMessageDeflateExtension compression() {
        PerMessageDeflateExtension extension = new PerMessageDeflateExtension();
        extension.setThreshold(0);
        return extension;
    }

    public static void main(String... args) {
        new JavaWebSocketServer(Given.of(args)).start();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        String path = handshake.getResourceDescriptor();
        if (path.startsWith("/room/")) {
            Set<WebSocket> room = ROOMS.computeIfAbsent(path, created -> ConcurrentHashMap.newKeySet());
            room.add(socket);
            socket.setAttachment(room);
        }
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
        Set<WebSocket> room = socket.getAttachment();
        if (room == null) {
            socket.send(message);
            return;
        }
        for (WebSocket other : room) {
            if (other != socket) {
                other.send(message);
            }
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        socket.send(message);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean isRemote) {
        Set<WebSocket> room = socket.getAttachment();
        if (room != null) {
            room.remove(socket);
        }
    }

    @Override
    public void onError(WebSocket socket, Exception cause) {
        if (socket == null) {
            System.err.println(cause);
        }
    }

    @Override
    public void onStart() {
        // The race asks the port until it answers.
    }
}
