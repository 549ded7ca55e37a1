package dev.duplex.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;

/** Judges WebSocket servers and clients of any make, with raw octets of its own. */
public final class Checker {
    private Checker() {}

    /**
     * Plays all chosen cases against a server that echoes every message. Blocks until the last one is judged.
     *
     * @param agent the name of the server in reports
     * @throws IllegalArgumentException when the address is not {@code ws:} or {@code wss:}, or no case is chosen
     * @throws java.net.ProtocolException when something is there that opens no WebSocket
     * @throws IOException when nobody answers at the address before the first case
     */
    public static Report server(URI address, String agent, Options options, Progress progress) throws IOException, InterruptedException {
        return server(address, Dial.DIRECT, agent, options, progress);
    }

    /** The same with sockets of the caller's making. */
    public static Report server(URI address, Dial dial, String agent, Options options, Progress progress) throws IOException, InterruptedException {
        return new ServerCheck(Target.of(address, options, dial), agent, options, progress).run();
    }

    /**
     * Waits for clients that ask for {@code /getCaseCount}, {@code /runCase?case=N&agent=X} and {@code /updateReports?agent=X}
     * and echo every message.
     *
     * @param address where to listen; port 0 for a free one
     * @throws IllegalArgumentException when no case is chosen
     */
    public static ClientCheck clients(InetSocketAddress address, Options options, Progress progress) throws IOException {
        return new ClientCheck(address, null, options, progress);
    }

    /** The same over TLS, for clients that connect to {@code wss:}. */
    public static ClientCheck clients(InetSocketAddress address, SSLContext tls, Options options, Progress progress) throws IOException {
        return new ClientCheck(address, tls, options, progress);
    }
}
