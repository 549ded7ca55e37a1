package dev.duplex.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens the plain sockets of a check: straight to the server, or however else it is to be reached. */
@FunctionalInterface
public interface Dial {
    /** Over TCP. */
    Dial DIRECT = (host, port, patience) -> {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), (int) patience.toMillis());
        return socket;
    };

    /**
     * Opens one.
     *
     * @param host a name, or an address without brackets
     * @throws IOException if nobody can be reached there, with a line for people
     */
    Socket connect(String host, int port, Duration patience) throws IOException;
}
