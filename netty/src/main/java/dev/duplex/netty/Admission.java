package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is let in: counts connections, what they cost, and what each address has. */
final class Admission {
    private static final AttributeKey<Place> PLACE = AttributeKey.valueOf(Admission.class, "place");

    /** What one channel counts for, until it is closed. */
    final class Place implements ChannelFutureListener {
        /** Null while it counts for none. */
        private InetAddress address;
        /** What it costs, where it is counted here; negative unless it is a connection, or a stream that counts as one. */
        private int bytes = -1;

        @Override
        public void operationComplete(ChannelFuture closed) {
            leave();
        }

        /** It counts no longer; once more does nothing. */
        void leave() {
            if (bytes >= 0) {
                channels.decrementAndGet();
            }
            if (bytes > 0) {
                budget.add(bytes, -1);
            }
            if (address != null) {
                addresses.gone(address, System.nanoTime());
            }
            bytes = -1;
            address = null;
        }
    }

    /** The status that a channel's first request is answered with, whatever it asks. */
    private static final AttributeKey<Integer> REFUSAL = AttributeKey.valueOf(Admission.class, "refusal");

    /** To be told so over TLS takes a handshake and its memory: so many at a time are, and the others are cut off. */
    static final int MAX_TOLD_OVER_TLS = 64;

    private final int maxConnections;
    private final AddressLimit addresses;
    private final MemoryBudget budget;
    private final AtomicInteger channels = new AtomicInteger();
    private final AtomicInteger toldOverTls = new AtomicInteger();

    Admission(int maxConnections, AddressLimit addresses, MemoryBudget budget) {
        this.maxConnections = maxConnections;
        this.addresses = addresses;
        this.budget = budget;
    }

    /**
     * Counts a connection until it is closed; on its loop alone.
     *
     * @param bytes what it costs
     * @return false if it is one too many: 503
     */
    boolean hasRoom(Channel channel, int bytes) {
        if (!channel.isOpen()) {
            return false; // nobody would take back what it counts
        }
        boolean isFull = !counts(channel) || budget.isShort();
        budget.add(bytes, 1);
        place(channel).bytes = bytes;
        return !isFull;
    }

    /** Counts a stream as a connection until it is closed; what it costs is counted elsewhere. @return false if it is one too many: 503 */
    boolean counts(Channel channel) {
        if (!channel.isOpen()) {
            return false;
        }
        place(channel).bytes = 0;
        return channels.incrementAndGet() <= maxConnections;
    }

    /**
     * Counts a connection for an address, until it is closed or speaks for another one; on its loop alone.
     *
     * @return false if that address has too many: 429
     */
    boolean admits(Channel channel, SocketAddress from) {
        InetAddress address = from instanceof InetSocketAddress inet ? inet.getAddress() : null; // a peer may be gone already
        if (address == null || !channel.isOpen()) {
            return true;
        }
        Place place = place(channel);
        if (address.equals(place.address)) {
            return true;
        }
        long now = System.nanoTime();
        if (!addresses.admits(address, now)) {
            return false;
        }
        if (place.address != null) {
            addresses.gone(place.address, now);
        }
        place.address = address;
        return true;
    }

    /** What a channel counts for. */
    Place place(Channel channel) {
        Attribute<Place> held = channel.attr(PLACE);
        if (held.get() == null) {
            held.set(new Place());
            channel.closeFuture().addListener(held.get());
        }
        return held.get();
    }

    /** Whether a connection counts for this address already, or the address cannot be counted. */
    static boolean counts(Channel channel, SocketAddress from) {
        Place place = channel.attr(PLACE).get();
        return !(from instanceof InetSocketAddress inet) || inet.getAddress() == null || place != null && inet.getAddress().equals(place.address);
    }

    /**
     * Lets a channel in as far as its first request, which is answered with a status: TLS comes before.
     *
     * @return false if too many are told so already, or nobody can be given more: it is to be cut off
     */
    boolean tells(Channel channel, int refusal) {
        if (budget.isUsedUp()) {
            return false;
        }
        if (toldOverTls.incrementAndGet() > MAX_TOLD_OVER_TLS) {
            toldOverTls.decrementAndGet();
            return false;
        }
        channel.attr(REFUSAL).set(refusal);
        channel.closeFuture().addListener(closed -> toldOverTls.decrementAndGet());
        return true;
    }

    /** What is answered to whoever was let in for that alone, also on a stream of HTTP/2; empty for everyone else. */
    static Optional<Reply> refusal(Channel channel) {
        Integer own = channel.attr(REFUSAL).get();
        Integer status = own == null && channel.parent() != null ? channel.parent().attr(REFUSAL).get() : own;
        return status == null ? Optional.empty() : Optional.of(refusal(status));
    }

    static Reply refusal(int status) {
        return Reply.text(status, status == 429 ? "too many connections from here" : "the server is full").with("Retry-After", "5");
    }

    /** Connections of every kind, those refused included while their answer is on its way. */
    int channels() {
        return channels.get();
    }
}
