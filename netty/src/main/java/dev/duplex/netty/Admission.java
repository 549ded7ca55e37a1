package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is let in: counts connections, what they cost, and what each address has. */
final class Admission {
    /** The address that a connection counts for. */
    private static final AttributeKey<InetAddress> COUNTED = AttributeKey.valueOf(Admission.class, "counted");

    private final int maxConnections;
    private final AddressLimit addresses;
    private final MemoryBudget budget;
    private final AtomicInteger channels = new AtomicInteger();

    Admission(int maxConnections, AddressLimit addresses, MemoryBudget budget) {
        this.maxConnections = maxConnections;
        this.addresses = addresses;
        this.budget = budget;
    }

    /**
     * Counts a connection until it is closed.
     *
     * @param bytes what it costs
     * @return false if it is one too many: 503
     */
    boolean hasRoom(Channel channel, int bytes) {
        boolean isFull = channels.incrementAndGet() > maxConnections || budget.isShort();
        budget.add(bytes, 1);
        channel.closeFuture().addListener(closed -> {
            channels.decrementAndGet();
            budget.add(bytes, -1);
        });
        return !isFull;
    }

    /**
     * Counts a connection for an address, until it is closed or speaks for another one; on its loop alone.
     *
     * @return false if that address has too many: 429
     */
    boolean admits(Channel channel, SocketAddress from) {
        InetAddress address = from instanceof InetSocketAddress inet ? inet.getAddress() : null; // a peer may be gone already
        Attribute<InetAddress> counted = channel.attr(COUNTED);
        InetAddress before = counted.get();
        if (address == null || address.equals(before)) {
            return true;
        }
        if (!addresses.admits(address, System.nanoTime())) {
            return false;
        }
        counted.set(address);
        if (before != null) {
            addresses.gone(before, System.nanoTime());
        } else {
            channel.closeFuture().addListener(closed -> addresses.gone(counted.get(), System.nanoTime()));
        }
        return true;
    }

    /** Whether a connection counts for this address already, or the address cannot be counted. */
    static boolean counts(Channel channel, SocketAddress from) {
        return !(from instanceof InetSocketAddress inet) || inet.getAddress() == null || inet.getAddress().equals(channel.attr(COUNTED).get());
    }

    /** Connections of every kind, those refused included while their answer is on its way. */
    int channels() {
        return channels.get();
    }
}
