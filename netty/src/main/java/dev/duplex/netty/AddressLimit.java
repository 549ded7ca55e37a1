package dev.duplex.netty;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many connections each address has, and opened in this second; used from every loop.
 *
 * <p>An address is that of the client, as far as trusted proxies tell it; of IPv6 its first 64 bits, since whoever has one has all that begin with them.
 * Who has neither a connection nor a new one is forgotten; beyond {@link #MOST_ADDRESSES} nobody new is let in.
 */
final class AddressLimit {
    static final int MOST_ADDRESSES = 65_536;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int PREFIX_BYTES = 8;

    private final int most;
    private final int mostNew;
    private final ConcurrentHashMap<ByteBuffer, Use> uses = new ConcurrentHashMap<>();

    /** What one address uses; {@code opened} since {@code sinceNanos}. */
    private record Use(int open, int opened, long sinceNanos) {
        boolean isOver(long nowNanos) {
            return nowNanos - sinceNanos >= SECOND_NANOS;
        }
    }

    /** @param most 0 for any number; so {@code mostNew}, a second */
    AddressLimit(int most, int mostNew) {
        this.most = most;
        this.mostNew = mostNew;
    }

    /** Counts a new connection; false if it is one too many, and then it does not count. */
    boolean admits(InetAddress address, long nowNanos) {
        if (most == 0 && mostNew == 0) {
            return true;
        }
        if (uses.size() >= MOST_ADDRESSES) {
            uses.values().removeIf(use -> use.open == 0 && use.isOver(nowNanos));
        }
        boolean hasRoom = uses.size() < MOST_ADDRESSES;
        AtomicBoolean isAdmitted = new AtomicBoolean();
        uses.compute(key(address), (key, use) -> {
            Use now = use == null ? new Use(0, 0, nowNanos) : use.isOver(nowNanos) ? new Use(use.open, 0, nowNanos) : use;
            boolean isWithin = (most == 0 || now.open < most) && (mostNew == 0 || now.opened < mostNew);
            isAdmitted.set(isWithin && (use != null || hasRoom));
            return isAdmitted.get() ? new Use(now.open + 1, now.opened + 1, now.sinceNanos) : use;
        });
        return isAdmitted.get();
    }

    /** A connection that was let in has ended. */
    void gone(InetAddress address, long nowNanos) {
        uses.computeIfPresent(key(address), (key, use) -> use.open == 1 && (mostNew == 0 || use.isOver(nowNanos))
                ? null : new Use(use.open - 1, use.opened, use.sinceNanos));
    }

    /** How many addresses are known. */
    int addresses() {
        return uses.size();
    }

    private static ByteBuffer key(InetAddress address) {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress(), 0, PREFIX_BYTES) : ByteBuffer.wrap(address.getAddress());
    }
}
