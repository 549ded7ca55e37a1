package dev.duplex.netty;

import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is let in: counts connections, what they cost, and what each address has. */
final class Admission {
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
     * @return 0, or the status that refuses it
     */
    int refusal(SocketChannel channel, int bytes) {
        boolean isFull = channels.incrementAndGet() > maxConnections || budget.isShort();
        InetAddress address = channel.remoteAddress() == null ? null : channel.remoteAddress().getAddress(); // may be gone already
        boolean isCounted = !isFull && address != null && addresses.admits(address, System.nanoTime());
        budget.add(bytes, 1);
        channel.closeFuture().addListener(closed -> {
            channels.decrementAndGet();
            budget.add(bytes, -1);
            if (isCounted) {
                addresses.gone(address, System.nanoTime());
            }
        });
        return isFull ? 503 : isCounted || address == null ? 0 : 429;
    }

    /** Connections of every kind, those refused included while their answer is on its way. */
    int channels() {
        return channels.get();
    }
}
