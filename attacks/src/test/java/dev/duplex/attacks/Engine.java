package dev.duplex.attacks;

import com.sun.management.ThreadMXBean;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One engine under attack, in virtual time and without a socket. */
final class Engine {
    static final long SECOND = 1_000_000_000L;

    final WebSocketProtocol protocol;
    final List<Event> events = new ArrayList<>();
    private final Role role;
    private final List<ByteBuffer> rooms = new ArrayList<>();
    long now;

    Engine(Role role) {
        this(role, Limits.defaults(), null);
    }

    Engine(Role role, Limits limits, PerMessageDeflate deflate) {
        this.role = role;
        protocol = new WebSocketProtocol(role, limits, deflate, this::room);
    }

    private ByteBuffer room(int bytes) {
        ByteBuffer room = ByteBuffer.allocate(bytes);
        rooms.add(room);
        return room;
    }

    /** Takes a frame of the peer, masked if it must be. */
    Engine frame(int first, byte... payload) {
        return receive(Frames.to(role, first, payload));
    }

    Engine receive(String hex) {
        return receive(Frames.hex(hex));
    }

    Engine receive(byte[] bytes) {
        return receive(ByteBuffer.wrap(bytes));
    }

    Engine receive(ByteBuffer bytes) {
        protocol.receive(bytes, now);
        for (Event event = protocol.next(); event != null; event = protocol.next()) {
            events.add(event);
        }
        return this;
    }

    /** Takes the same bytes in pieces. */
    Engine receiveCut(byte[] bytes, int piece) {
        for (int at = 0; at < bytes.length; at += piece) {
            receive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
        }
        return this;
    }

    /** Lets time pass second by second, as a carrier tells it. */
    Engine pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            protocol.expire(now);
        }
        return this;
    }

    /** What was written since the last call. */
    byte[] output() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        rooms.forEach(room -> all.write(room.array(), 0, room.position()));
        rooms.clear();
        return all.toByteArray();
    }

    /** Why it failed, as it says itself; 0 if it did not. */
    int failure() {
        return protocol.closeReason() == null ? 0 : protocol.closeReason().code();
    }

    /** The bytes that this thread allocates in a piece of work: an upper bound of what that holds. */
    static long allocatedBytes(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
