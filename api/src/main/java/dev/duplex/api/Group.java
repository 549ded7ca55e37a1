package dev.duplex.api;

import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Connections that hear the same: a room, a topic, all who are there. A message to them is framed once, however many they are.
 *
 * <p>Any thread may call any method. Whoever joins or leaves while a message goes out may hear it or not. A connection that has ended
 * hears nothing, but stays a member until it is removed: {@link Listener#onClose} is the place for that.
 */
public final class Group {
    private static final int FIRST_PLACES = 16;

    private final Map<Connection, Integer> places = new HashMap<>();

    /**
     * In the order in which they joined, which is about the order in which they lie in memory: the processor finds a thousand of them
     * sooner than in a hash's order. Null where one has left, and behind the last.
     */
    private volatile AtomicReferenceArray<Connection> members = new AtomicReferenceArray<>(FIRST_PLACES);

    private int nextPlace;

    /** Nobody is a member yet. */
    public Group() {}

    /** Joins. @return false if it is a member already */
    public synchronized boolean add(Connection connection) {
        if (places.containsKey(connection)) {
            return false;
        }
        if (nextPlace == members.length()) {
            closeRanks();
        }
        places.put(connection, nextPlace);
        members.set(nextPlace++, connection);
        return true;
    }

    /** Leaves. @return false if it is no member */
    public synchronized boolean remove(Connection connection) {
        Integer place = places.remove(connection);
        if (place == null) {
            return false;
        }
        members.set(place, null);
        if (members.length() > FIRST_PLACES && places.size() < members.length() / 4) {
            closeRanks();
        }
        return true;
    }

    /** Moves all to a new array, without gaps and half empty; who goes through the old one meanwhile is not disturbed. */
    private void closeRanks() {
        AtomicReferenceArray<Connection> before = members;
        AtomicReferenceArray<Connection> after = new AtomicReferenceArray<>(Math.max(FIRST_PLACES, 2 * places.size()));
        nextPlace = 0;
        for (int i = 0; i < before.length(); i++) {
            Connection member = before.get(i);
            if (member != null) {
                places.put(member, nextPlace);
                after.set(nextPlace++, member);
            }
        }
        members = after;
    }

    /** How many members there are. */
    public synchronized int size() {
        return places.size();
    }

    /** Whether nobody is a member. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /**
     * Sends a message to every member, as {@link Connection#send(Message)} does: on a virtual thread it waits for each peer that is behind,
     * elsewhere that member's {@link Overflow} rules.
     */
    public void send(Message message) {
        send(message, null);
    }

    /** Sends a text message to every member; see {@link #send(Message)}. */
    public void send(String text) {
        send(Message.text(text));
    }

    /** Sends a message to every member but one, such as the one that said it; see {@link #send(Message)}. */
    public void send(Message message, Connection except) {
        PreparedMessage once = PreparedMessage.of(message);
        forEach(member -> {
            if (member != except) {
                member.send(once);
            }
        });
    }

    /** Does something with every member, in the order in which they joined. */
    public void forEach(Consumer<? super Connection> action) {
        AtomicReferenceArray<Connection> all = members;
        for (int i = 0; i < all.length(); i++) {
            Connection member = all.get(i);
            if (member != null) {
                action.accept(member);
            }
        }
    }
}
