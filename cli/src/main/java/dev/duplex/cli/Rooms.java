package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Group;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Rooms by name: what one connection says all others in the same room hear. A room is there while someone is in it. */
final class Rooms implements Endpoint {
    private final ConcurrentMap<String, Group> groups = new ConcurrentHashMap<>();

    @Override
    public Listener open(Opening opening) {
        return new Member(opening.variable("name"));
    }

    /** How many rooms someone is in. */
    int count() {
        return groups.size();
    }

    private final class Member implements Listener {
        private final String room;

        Member(String room) {
            this.room = room;
        }

        @Override
        public void onOpen(Connection connection) {
            groups.compute(room, (name, present) -> {
                Group group = present == null ? new Group() : present;
                group.add(connection);
                return group;
            });
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            groups.get(room).send(message, connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            groups.computeIfPresent(room, (name, present) -> {
                present.remove(connection);
                return present.isEmpty() ? null : present;
            });
        }
    }
}
