package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Rooms by name: what one connection says all others in the same room hear. A room is there while someone is in it. */
final class Rooms implements Endpoint {
    private final ConcurrentMap<String, Set<Connection>> members = new ConcurrentHashMap<>();

    @Override
    public Listener open(Opening opening) {
        return new Member(opening.variable("name"));
    }

    /** How many rooms someone is in. */
    int count() {
        return members.size();
    }

    private final class Member implements Listener {
        private final String room;

        Member(String room) {
            this.room = room;
        }

        @Override
        public void onOpen(Connection connection) {
            members.compute(room, (name, present) -> {
                Set<Connection> all = present == null ? ConcurrentHashMap.newKeySet() : present;
                all.add(connection);
                return all;
            });
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            PreparedMessage once = PreparedMessage.of(message);
            for (Connection other : members.get(room)) {
                if (other != connection) {
                    other.send(once);
                }
            }
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            members.computeIfPresent(room, (name, present) -> {
                present.remove(connection);
                return present.isEmpty() ? null : present;
            });
        }
    }
}
