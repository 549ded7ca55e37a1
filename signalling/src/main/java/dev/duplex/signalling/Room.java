package dev.duplex.signalling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peers of one room, and what waits for peers that are yet to come; used on the owner alone. */
final class Room {
    /** A full room, ten times over. */
    static final int ARRIVAL_BURST = 40;

    static final int ARRIVALS_PER_SECOND = 4;

    /** A candidate for a name that nobody has yet. */
    private record Early(Seat from, String to, String json) {}

    private final RoomLimits limits;
    private final Bucket rate;
    private final Bucket arrivals;
    private final Map<String, Seat> seats = new LinkedHashMap<>();
    private final List<Early> early = new ArrayList<>();
    private int lastNumber;

    Room(RoomLimits limits, long nowNanos) {
        this.limits = limits;
        rate = new Bucket(limits.roomBurst(), limits.roomPerSecond(), nowNanos);
        arrivals = new Bucket(ARRIVAL_BURST, ARRIVALS_PER_SECOND, nowNanos);
    }

    boolean isEmpty() {
        return seats.isEmpty();
    }

    boolean isFull() {
        return seats.size() >= limits.maxPeers();
    }

    /** Whether one more peer may come; apart from the messages, so that those outside cost those inside nothing. */
    boolean admits(long nowNanos) {
        return arrivals.takes(1, nowNanos);
    }

    /** Whether one more message in the room is within its rate. */
    boolean allows(long nowNanos) {
        return rate.takes(1, nowNanos);
    }

    Seat named(String name) {
        return seats.get(name);
    }

    /** The seat that a token resumes, or null. */
    Seat with(String token) {
        Seat found = null;
        for (Seat seat : seats.values()) {
            found = seat.isFor(token) ? seat : found;
        }
        return found;
    }

    Collection<Seat> seats() {
        return seats.values();
    }

    int nextNumber() {
        return ++lastNumber;
    }

    /** Seats a peer, tells the others, and gives it what came for it before. */
    void add(Seat seat, Json joined) {
        seats.put(seat.name(), seat);
        seat.visitor().send(joined.with("peers", peersOf(seat)).toString());
        tellOthers(seat, ServerType.ARRIVED, true);
        for (Iterator<Early> all = early.iterator(); all.hasNext();) {
            Early candidate = all.next();
            if (candidate.to().equals(seat.name())) {
                seat.visitor().send(candidate.json());
                all.remove();
            }
        }
    }

    /** A peer is back on another connection. */
    void resume(Seat seat, Json resumed) {
        seat.visitor().send(resumed.with("peers", peersOf(seat)).toString());
        seat.sendKept();
        tellOthers(seat, ServerType.BACK, true);
    }

    /** A peer's connection is lost, its seat is not. */
    void lose(Seat seat, long nowNanos) {
        seat.lose(nowNanos);
        tellOthers(seat, ServerType.AWAY, false);
    }

    /** A peer is gone, and with it what it sent to those who are yet to come. */
    void remove(Seat seat) {
        if (seat.visitor() != null) {
            seat.visitor().sit(null);
        }
        seats.remove(seat.name());
        early.removeIf(candidate -> candidate.from() == seat);
        tellOthers(seat, ServerType.LEFT, false);
    }

    /** Passes a message on, or keeps it; the fault if neither can be. */
    Fault relay(Seat from, Signal.Relayed signal) {
        Seat to = seats.get(signal.to());
        String json = signal.json(from.name());
        if (to == null) {
            return signal.type() == ClientType.CANDIDATE ? keepEarly(from, signal.to(), json) : Fault.NO_SUCH_PEER;
        }
        if (to == from) {
            return Fault.NO_SUCH_PEER;
        }
        if (to.isAway()) {
            return to.keep(json, limits) ? null : Fault.KEPT_ENOUGH;
        }
        to.visitor().send(json);
        return null;
    }

    private Fault keepEarly(Seat from, String to, String json) {
        List<Early> own = early.stream().filter(candidate -> candidate.from() == from).toList();
        long ownBytes = own.stream().mapToLong(candidate -> candidate.json().length()).sum();
        if (own.size() >= limits.keptMessages() || ownBytes + json.length() > limits.keptBytes()) {
            return Fault.KEPT_ENOUGH;
        }
        early.add(new Early(from, to, json));
        return null;
    }

    private List<Map<String, Object>> peersOf(Seat seat) {
        List<Map<String, Object>> peers = new ArrayList<>();
        for (Seat other : seats.values()) {
            if (other != seat) {
                peers.add(Map.of("name", other.name(), "role", seat.roleAgainst(other), "away", other.isAway()));
            }
        }
        return peers;
    }

    private void tellOthers(Seat about, ServerType type, boolean withRole) {
        for (Seat other : seats.values()) {
            if (other != about && !other.isAway()) {
                Json json = Json.of(type).with("name", about.name());
                other.visitor().send((withRole ? json.with("role", other.roleAgainst(about)) : json).toString());
            }
        }
    }
}
