package dev.duplex.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one feed over one carrier came to.
 *
 * @param way the carrier
 * @param feed what was sent
 * @param opening what opening the connection took, before the feed
 * @param counts what passed during the feed
 * @param elapsed how long it took until the last message was received
 * @param delivered messages that were received, of both directions
 * @param wrong those of them that came twice or out of order
 * @param down latency of what the client received; with {@link Direction#REQUEST} that of both ways
 * @param up latency of what the server received; null unless {@link Direction#BOTH}
 * @param clientCpu processor time of the client's process, without that of the meter
 * @param serverCpu processor time of the server's process; null if it does not tell
 * @param unable why it could not be measured, and everything else is null; null if it could
 */
public record Measurement(
        Way way,
        Feed feed,
        Counts opening,
        Counts counts,
        Duration elapsed,
        int delivered,
        int wrong,
        Latency down,
        Latency up,
        Duration clientCpu,
        Duration serverCpu,
        String unable) {

    static Measurement unable(Way way, Feed feed, String why) {
        return new Measurement(way, feed, null, null, null, 0, 0, null, null, null, null, why);
    }

    /** Whether there is anything but {@link #unable}. */
    public boolean isMeasured() {
        return unable == null;
    }

    /** The messages that should have been received, of both directions; the answers of a request are the ones that count. */
    public int expected() {
        return feed.messages() * (feed.direction() == Direction.BOTH ? 2 : 1);
    }

    /** Bytes both ways for each message that was received. */
    public double bytesPerMessage() {
        return (double) counts.bytes() / Math.max(1, delivered);
    }

    /** Bytes beyond the messages themselves, for each message; a request's answer is one more message on the wire. */
    public double overheadPerMessage() {
        return bytesPerMessage() - feed.sizeBytes() * (feed.direction() == Direction.REQUEST ? 2.0 : 1.0);
    }

    /** Messages a second that were received, of both directions. */
    public double perSecond() {
        return delivered / (elapsed.toNanos() / 1e9);
    }

    /** Packets both ways for each message; negative where the kernel does not tell. */
    public double packetsPerMessage() {
        return (double) counts.packets() / Math.max(1, delivered);
    }

    /** Processor time for each message in microseconds, of both sides as far as known. */
    public double cpuMicrosPerMessage() {
        long nanos = clientCpu.toNanos() + (serverCpu == null ? 0 : serverCpu.toNanos());
        return nanos / 1e3 / Math.max(1, delivered);
    }

    /** As JSON has it. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("carrier", way.label());
        map.put("direction", feed.direction().label());
        map.put("rate", feed.perSecond());
        map.put("size_bytes", feed.sizeBytes());
        if (!isMeasured()) {
            map.put("unable", unable);
            return map;
        }
        map.put("elapsed_s", elapsed.toNanos() / 1e9);
        map.put("expected", expected());
        map.put("delivered", delivered);
        map.put("out_of_order", wrong);
        map.put("opening", opening.toMap());
        map.put("feed", counts.toMap());
        map.put("bytes_per_message", bytesPerMessage());
        map.put("client_cpu_ms", clientCpu.toNanos() / 1e6);
        map.put("server_cpu_ms", serverCpu == null ? null : serverCpu.toNanos() / 1e6);
        map.put("latency_down", down.toMap());
        if (up != null) {
            map.put("latency_up", up.toMap());
        }
        return map;
    }
}
