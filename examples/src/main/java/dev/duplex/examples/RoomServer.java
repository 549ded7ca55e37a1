package dev.duplex.examples;

import dev.duplex.api.Connection;
import dev.duplex.api.Group;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What one says in a room all others hear: callbacks on the event loop, for very many connections. */
public class RoomServer {
    private static final Map<String, Group> ROOMS = new ConcurrentHashMap<>();

    public static void main(String... args) {
        var server = WebSocketServer.builder()
                .port(Integer.getInteger("port", 8080))
                .endpoint("/room/{name}", opening -> new Member(opening.variable("name")))
                .start();
        System.out.println("ws://localhost:" + server.port() + "/room/lobby");
    }

    /** One connection in a room. A callback must not block. */
    record Member(String room) implements Listener {

        @Override
        public void onOpen(Connection connection) {
            ROOMS.computeIfAbsent(room, name -> new Group()).add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            ROOMS.get(room).send(message, connection); // framed once, sent to all others
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            ROOMS.get(room).remove(connection);
        }
    }
}
