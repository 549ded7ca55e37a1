package dev.duplex.signalling;

import dev.duplex.protocol.CloseReason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * All rooms and everyone in them. One owner calls every method, so nothing here is shared and nothing is locked.
 *
 * <p>A connection's listener hands over what it has read and judged on its own thread; what it hands over keeps its order, so a
 * peer's end never overtakes its joining.
 */
final class Lobby {
    /** Who has not joined by then only takes up room. */
    static final Duration JOIN_DEADLINE = Duration.ofSeconds(10);

    /** How often a sign of life is asked for: what is left of the lease after it is longer than the time to resume. */
    static final Duration PING_INTERVAL = Duration.ofMillis(1500);

    private static final int TOKEN_BYTES = 16;

    private final RoomLimits limits;
    private final IceServers iceServers;
    private final LongSupplier nanoTime;
    private final Executor owner;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Room> rooms = new HashMap<>();
    private final Set<Visitor> unseated = new HashSet<>();
    private long lastPingNanos;

    Lobby(RoomLimits limits, IceServers iceServers, LongSupplier nanoTime, Executor owner) {
        this.limits = limits;
        this.iceServers = iceServers;
        this.nanoTime = nanoTime;
        this.owner = owner;
        lastPingNanos = nanoTime.getAsLong();
    }

    /** The names of the rooms that someone is in. */
    Set<String> rooms() {
        return rooms.keySet();
    }

    /** Those who have not joined. */
    int unseatedCount() {
        return unseated.size();
    }

    void enter(Visitor visitor) {
        unseated.add(visitor);
    }

    /** A connection has ended; {@code isForGood} if a Close said so, else it may come back. */
    void exit(Visitor visitor, boolean isForGood) {
        unseated.remove(visitor);
        Seat seat = visitor.seat();
        if (seat == null) {
            return;
        }
        if (isForGood) {
            remove(visitor.room(), seat);
        } else {
            rooms.get(visitor.room()).lose(seat, nanoTime.getAsLong());
        }
    }

    void take(Visitor visitor, Signal signal) {
        visitor.heard(nanoTime.getAsLong());
        switch (signal) {
            case Signal.Ping ping -> visitor.send(Json.of(ServerType.PONG).toString());
            case Signal.Join join -> join(visitor, join);
            case Signal.Resume resume -> resume(visitor, resume);
            case Signal.Relayed relayed -> relay(visitor, relayed);
            case Signal.Leave leave -> leave(visitor);
        }
    }

    /** To be called about twice a second: asks for signs of life, and ends what has had none. */
    void tick() {
        long now = nanoTime.getAsLong();
        for (Visitor visitor : List.copyOf(unseated)) {
            if (now - visitor.sinceNanos() >= JOIN_DEADLINE.toNanos()) {
                unseated.remove(visitor);
                visitor.close(CloseReason.POLICY_VIOLATION, "nobody joined within " + JOIN_DEADLINE.toSeconds() + " s");
            }
        }
        boolean isPingDue = now - lastPingNanos >= PING_INTERVAL.toNanos();
        lastPingNanos = isPingDue ? now : lastPingNanos;
        for (Map.Entry<String, Room> room : List.copyOf(rooms.entrySet())) {
            for (Seat seat : List.copyOf(room.getValue().seats())) {
                look(room.getKey(), seat, isPingDue, now);
            }
        }
    }

    private void look(String room, Seat seat, boolean isPingDue, long now) {
        Visitor visitor = seat.visitor();
        if (seat.isExpired(now)) {
            remove(room, seat);
            if (visitor != null) {
                visitor.close(CloseReason.POLICY_VIOLATION, "no sign of life");
            }
        } else if (visitor != null && isPingDue) {
            visitor.ping(() -> owner.execute(() -> visitor.heard(nanoTime.getAsLong())));
        }
    }

    private void join(Visitor visitor, Signal.Join join) {
        long now = nanoTime.getAsLong();
        Fault fault = faultOf(visitor, join, now);
        if (fault != null) {
            visitor.refuse(fault, ClientType.JOIN);
            return;
        }
        Room room = rooms.computeIfAbsent(visitor.room(), name -> new Room(limits, now));
        Seat former = room.named(join.name());
        if (former != null) {
            replace(room, former);
        }
        unseated.remove(visitor);
        Seat seat = new Seat(room.nextNumber(), join.name(), newToken(), visitor, newRate(now));
        room.add(seat, Json.of(ServerType.JOINED).with("name", seat.name()).with("token", seat.token()).with("iceServers", iceServers.now()));
    }

    private Fault faultOf(Visitor visitor, Signal.Join join, long now) {
        if (visitor.seat() != null) {
            return Fault.ALREADY_JOINED;
        }
        Room room = rooms.get(visitor.room());
        if (room == null) {
            return rooms.size() < limits.maxRooms() ? null : Fault.NO_MORE_ROOMS;
        }
        Seat former = room.named(join.name());
        if (former != null && (join.token() == null || !former.isFor(join.token()))) {
            return Fault.NAME_TAKEN;
        }
        if (former == null && room.isFull()) {
            return Fault.ROOM_FULL;
        }
        return room.admits(now) ? null : Fault.TOO_FAST;
    }

    /** A page that was loaded anew has its seat's token, but no call to go on with: it joins again in place of its former self. */
    private void replace(Room room, Seat former) {
        Visitor ghost = former.visitor();
        room.remove(former);
        if (ghost != null) {
            ghost.close(CloseReason.POLICY_VIOLATION, "joined on another connection");
        }
    }

    private void resume(Visitor visitor, Signal.Resume resume) {
        Room room = rooms.get(visitor.room());
        Seat seat = room == null ? null : room.with(resume.token());
        if (visitor.seat() != null) {
            visitor.refuse(Fault.ALREADY_JOINED, ClientType.RESUME);
        } else if (seat == null || seat.isExpired(nanoTime.getAsLong())) {
            visitor.refuse(Fault.NO_SUCH_SEAT, ClientType.RESUME);
        } else if (!room.allows(nanoTime.getAsLong())) {
            visitor.refuse(Fault.TOO_FAST, ClientType.RESUME);
        } else {
            takeOver(visitor, room, seat);
        }
    }

    private void takeOver(Visitor visitor, Room room, Seat seat) {
        Visitor former = seat.visitor();
        unseated.remove(visitor);
        seat.seat(visitor);
        if (former != null) {
            former.close(CloseReason.POLICY_VIOLATION, "resumed on another connection");
        }
        room.resume(seat, Json.of(ServerType.RESUMED).with("name", seat.name()).with("iceServers", iceServers.now()));
    }

    private void relay(Visitor visitor, Signal.Relayed signal) {
        Seat seat = visitor.seat();
        if (seat == null) {
            visitor.refuse(Fault.NOT_JOINED, signal.type());
            return;
        }
        long now = nanoTime.getAsLong();
        Room room = rooms.get(visitor.room());
        Fault fault = seat.mayRelay(now) && room.allows(now) ? room.relay(seat, signal) : Fault.TOO_FAST;
        if (fault != null) {
            visitor.refuse(fault, signal.type());
        }
    }

    private void leave(Visitor visitor) {
        Seat seat = visitor.seat();
        if (seat != null) {
            remove(visitor.room(), seat);
        }
        visitor.close(CloseReason.NORMAL, "");
    }

    private void remove(String name, Seat seat) {
        Room room = rooms.get(name);
        room.remove(seat);
        if (room.isEmpty()) {
            rooms.remove(name);
        }
    }

    private Bucket newRate(long now) {
        return new Bucket(limits.peerBurst(), limits.peerPerSecond(), now);
    }

    private String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }
}
