package dev.duplex.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The way to any target through one proxy; remembers how the proxy wants to be told who is there. May be used by threads at once. */
public final class ProxyRoute {
    private static final int READ_BYTES = 4096;

    private final Proxy proxy;
    private volatile Optional<Login> login = Optional.empty();

    private ProxyRoute(Proxy proxy) {
        this.proxy = proxy;
    }

    /** A way through a proxy that nothing is known of yet. */
    public static ProxyRoute through(Proxy proxy) {
        return new ProxyRoute(proxy);
    }

    /** The proxy. */
    public Proxy proxy() {
        return proxy;
    }

    void remember(Login asked) {
        login = Optional.of(asked);
    }

    /**
     * What is to be said for one connection. May ask DNS, and block: not with a proxy that {@linkplain Proxy.Kind#isResolver resolves}.
     *
     * @param host a name, or an address without brackets
     * @throws UnknownHostException if this end has to find the address of a name, and there is none that the proxy could be told
     */
    public ProxyHandshake to(String host, int port) throws UnknownHostException {
        boolean isSocks4 = proxy.kind() == Proxy.Kind.SOCKS4 || proxy.kind() == Proxy.Kind.SOCKS4A;
        Target target = new Target(proxy.kind().isResolver() ? host : address(host, isSocks4), port);
        byte[] address = target.address();
        if (isSocks4 && address != null && address.length != 4) {
            throw new UnknownHostException("SOCKS 4 has no IPv6 addresses, as that of " + target);
        }
        return switch (proxy.kind()) {
            case HTTP -> new HttpConnect(this, target, login, 0);
            case SOCKS4, SOCKS4A -> new Socks4(proxy, target);
            case SOCKS5, SOCKS5H -> new Socks5(proxy, target);
        };
    }

    private static String address(String host, boolean isFourOnly) throws UnknownHostException {
        InetAddress[] all = addresses(host);
        return Stream.of(all).filter(address -> !isFourOnly || address.getAddress().length == 4).findFirst()
                .orElse(all[0]).getHostAddress();
    }

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new UnknownHostException("host " + host + " is unknown");
        }
    }

    /**
     * Opens a plain blocking socket to a target.
     *
     * @param patience for one connection to the proxy and its answer
     * @throws IOException if it cannot be opened, with one line for people
     */
    public Socket connect(String host, int port, Duration patience) throws IOException {
        ProxyHandshake handshake = to(host, port);
        while (true) {
            Socket socket = new Socket();
            try {
                ProxyHandshake.Step step = open(socket, handshake, patience);
                if (step instanceof ProxyHandshake.Step.Open) {
                    return socket;
                }
                socket.close();
                handshake = switch (step) {
                    case ProxyHandshake.Step.Again again -> again.next();
                    case ProxyHandshake.Step.Failed failed -> throw new IOException(failed.why());
                    default -> throw new IllegalStateException(step.toString());
                };
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
    }

    private ProxyHandshake.Step open(Socket socket, ProxyHandshake handshake, Duration patience) throws IOException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        socket.setTcpNoDelay(true);
        try {
            socket.connect(new InetSocketAddress(addresses(proxy.host())[0], proxy.port()), millisUntil(deadlineNanos));
        } catch (UnknownHostException e) {
            throw new IOException("the proxy's " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("the proxy " + proxy.where() + " cannot be reached: " + e.getMessage(), e);
        }
        try {
            return spoken(socket, handshake, deadlineNanos);
        } catch (SocketTimeoutException e) {
            throw new IOException("the proxy " + proxy.where() + " did not answer within " + patience.toMillis() + " ms", e);
        }
    }

    private static ProxyHandshake.Step spoken(Socket socket, ProxyHandshake handshake, long deadlineNanos) throws IOException {
        byte[] bytes = new byte[READ_BYTES];
        ProxyHandshake.Step step = new ProxyHandshake.Step.Send(handshake.begin());
        while (step instanceof ProxyHandshake.Step.Send(byte[] said)) {
            socket.getOutputStream().write(said);
            socket.setSoTimeout(millisUntil(deadlineNanos));
            int count = socket.getInputStream().read(bytes);
            step = count < 0 ? handshake.ended() : handshake.receive(ByteBuffer.wrap(bytes, 0, count));
        }
        socket.setSoTimeout(0);
        return step;
    }

    private static int millisUntil(long deadlineNanos) {
        return Math.clamp((deadlineNanos - System.nanoTime()) / 1_000_000, 1, Integer.MAX_VALUE);
    }
}
