package dev.duplex.netty;

import dev.duplex.protocol.LargeArrays;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of an event loop: it asks every connection four times a second whether something is overdue.
 *
 * <p>A timer for each deadline of each connection would cost memory, and a queue operation for each message. All deadlines
 * here are seconds long, so a quarter of a second late is in time. Used on its loop alone.
 */
final class Pulse implements Runnable {
    static final long BEAT_MILLIS = 250;
    private static final int RECEIVE_BYTES = 64 * 1024;
    /** The place of who is no member. */
    static final int NOWHERE = -1;
    private static final int FIRST_VACANCIES = 16;
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** What has deadlines; it keeps the place that {@link #add} gives it. */
    interface Member {
        /** Looks whether something is overdue. */
        void beat(long nowNanos);

        /** The server goes down: says good-bye. */
        void drain();

        /** Whether its peer may come back at once when told so, and not all such should be told together. */
        default boolean comesBack() {
            return false;
        }

        /** Ends at once. */
        void abort();
    }

    private final EventLoop loop;
    private final LongSupplier clock;
    /** Each at its place; null where one has left. */
    private final List<Member> members = new ArrayList<>();
    private int[] vacant = new int[FIRST_VACANCIES];
    private int vacancies;
    private final FailureLog failures = new FailureLog(LOG::error);
    private final SharedFrames sharedFrames = new SharedFrames();
    private List<Outbox> due = new ArrayList<>();
    private List<Outbox> flushing = new ArrayList<>();
    private final SpareBuffer spare = new SpareBuffer();
    private final LargeArrays largeArrays = new LargeArrays();
    private final LoopBuffer receiveBuffer = new LoopBuffer(RECEIVE_BYTES);
    private final LoopBuffer decrypted = new LoopBuffer(TlsWire.DECRYPTED_BYTES);
    private final LoopBuffer encrypted = new LoopBuffer(TlsWire.ENCRYPTED_BYTES);
    private long latelyNanos;
    private int moment;
    private boolean isMomentEnding;
    private boolean isBeating;
    private Farewell farewell;

    Pulse(EventLoop loop, LongSupplier clock) {
        this.loop = loop;
        this.clock = clock;
    }

    EventLoop loop() {
        return loop;
    }

    /** What all sockets of this loop read into, one after the other: who keeps something of it makes a copy. */
    ByteBuf receiveBuffer() {
        return receiveBuffer.cleared();
    }

    /** What TLS decrypts into, as it reads from the buffer above. */
    ByteBuf decrypted() {
        return decrypted.cleared();
    }

    /** What TLS encrypts into, to be sent at once. */
    ByteBuf encrypted() {
        return encrypted.cleared();
    }

    /** What the connections of this loop frame into, one after the other. */
    SpareBuffer spare() {
        return spare;
    }

    /** Where the connections of this loop have the memory of large messages from. */
    LargeArrays largeArrays() {
        return largeArrays;
    }

    /** The loop has ended: gives its buffers back. */
    void end() {
        receiveBuffer.end();
        decrypted.end();
        encrypted.end();
        spare.end();
        sharedFrames.end();
    }

    /** A monotonic time; the wall clock is never asked. */
    long nanoTime() {
        latelyNanos = clock.getAsLong();
        return latelyNanos;
    }

    /** The time that was asked for last, at most a beat ago: asking costs as much as reading a small frame. */
    long latelyNanos() {
        return latelyNanos;
    }

    /** What waits on several connections of this loop. */
    SharedFrames sharedFrames() {
        return sharedFrames;
    }

    /**
     * Flushes an outbox when the loop has done what it is at. One task for all of them: a broadcast has thousands.
     *
     * <p>What is due because of such a flush is flushed by the next task, so that the loop reads in between.
     */
    void flushSoon(Outbox outbox) {
        moment();
        due.add(outbox);
    }

    /** A number that stays until the loop has done what it is at, and what waits is flushed. */
    int moment() {
        if (!isMomentEnding) {
            isMomentEnding = true;
            loop.execute(this::flushDue);
        }
        return moment;
    }

    private void flushDue() {
        isMomentEnding = false;
        moment++;
        List<Outbox> all = due;
        due = flushing;
        flushing = all;
        for (Outbox outbox : all) {
            try {
                outbox.flushNow();
            } catch (RuntimeException | Error e) {
                LOG.error("a flush failed", e); // the others must have theirs
            }
        }
        all.clear();
    }

    /** The application's code has thrown something, as {@link FailureLog#tell}. */
    void failed(String what, String path, Throwable failure) {
        failures.tell(what, path, failure, nanoTime());
    }

    /** Something is not as it should be set up, as {@link FailureLog#tell}. */
    void tell(String line) {
        failures.tell(line, nanoTime());
    }

    /** @return the member's place, by which it leaves */
    int add(Member member) {
        int place = vacancies == 0 ? members.size() : vacant[--vacancies];
        if (place == members.size()) {
            members.add(member);
        } else {
            members.set(place, member);
        }
        if (!isBeating) {
            isBeating = true;
            loop.schedule(this, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
        return place;
    }

    /** Once more from {@link #NOWHERE} does nothing. @return where the member is now: nowhere */
    int remove(int place) {
        if (place == NOWHERE) {
            return NOWHERE;
        }
        members.set(place, null);
        if (vacancies == vacant.length) {
            vacant = Arrays.copyOf(vacant, 2 * vacancies);
        }
        vacant[vacancies++] = place;
        if (vacancies == members.size()) {
            members.clear();
            vacant = new int[FIRST_VACANCIES];
            vacancies = 0;
        }
        return NOWHERE;
    }

    /** Calls for each member; members may leave, and others come, meanwhile: so from the last to the first. */
    void forEach(Consumer<Member> action) {
        for (int place = members.size() - 1; place >= 0; place--) {
            call(place, action);
        }
    }

    /** What one member throws, such as for want of memory, costs the others neither their deadlines nor their good-bye. */
    private void call(int place, Consumer<Member> action) {
        Member member = place < members.size() ? members.get(place) : null;
        if (member == null) {
            return;
        }
        try {
            action.accept(member);
        } catch (RuntimeException | Error e) {
            failures.tell("pulse of a connection", e, nanoTime());
        }
    }

    /**
     * The server goes down: every member says good-bye, those whose peers may come back one after the other.
     *
     * @param spreadNanos from the first of these to the last; what it was the first time holds
     */
    void drain(long spreadNanos) {
        forEach(member -> {
            if (!member.comesBack()) {
                member.drain();
            }
        });
        if (farewell == null) {
            int[] peers = IntStream.range(0, members.size()).filter(place -> members.get(place) != null && members.get(place).comesBack()).toArray();
            farewell = new Farewell(loop, clock, peers, spreadNanos, peer -> call(peer, Member::drain), () -> forEach(Member::drain));
            farewell.run();
        } else if (farewell.isOver()) {
            forEach(Member::drain); // who came meanwhile
        }
    }

    @Override
    public void run() {
        long now = nanoTime();
        forEach(member -> member.beat(now));
        failures.beat(now);
        largeArrays.age();
        isBeating = !members.isEmpty();
        if (isBeating) {
            loop.schedule(this, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
