package dev.duplex.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A Unix socket with the ways of {@link Socket}: blocking streams, and reads that time out. One thread reads, one writes. */
final class UnixSocket extends Socket {
    private static final long RETRY_NANOS = 10_000_000;

    private final SocketChannel channel;
    private final Selector readable = Selector.open();
    private final Selector writable = Selector.open();
    private volatile int readMillis;
    private volatile boolean isOutputShut;

    private UnixSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    /**
     * Connects to a path; while the server's queue is full, again and again.
     *
     * @throws IOException if nobody listens there, or the queue stays full for as long as patience lasts
     */
    static UnixSocket to(String path, Duration patience) throws IOException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false); // a server that accepts nobody would hold a blocking one for ever
                if (channel.connect(UnixDomainSocketAddress.of(path))) {
                    return new UnixSocket(channel);
                }
                throw new SocketException("too many wait there already");
            } catch (IOException e) {
                channel.close();
                if (!mayBeBusy(e, path) || System.nanoTime() - until > 0) {
                    throw new IOException("unix:" + path + " cannot be reached: " + e.getMessage(), e);
                }
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** A full queue (EAGAIN) has no exception of its own, and its words are the system's language: but nobody, no socket and no right to it can be told apart. */
    private static boolean mayBeBusy(IOException failure, String path) {
        return failure.getClass() == SocketException.class && Files.isWritable(Path.of(path));
    }

    /** Whether a path is a name of Linux's abstract namespace, which the JDK's own sockets do not know. */
    static boolean isAbstract(String path) {
        return path.startsWith("@");
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return receive(ByteBuffer.wrap(bytes, from, length));
            }
        };
    }

    private int receive(ByteBuffer into) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        for (int count = take(into); ; count = take(into)) {
            if (count != 0) {
                return count;
            }
            awaitReadable();
        }
    }

    private void awaitReadable() throws IOException {
        try {
            if (readable.select(readMillis) == 0 && readMillis > 0 && channel.isOpen()) {
                throw new SocketTimeoutException("nothing came within " + readMillis + " ms");
            }
            readable.selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            throw new SocketException("closed", e);
        }
    }

    /** As a socket says it: whoever reads distinguishes an end, and a peer that is gone, from everything else. */
    private int take(ByteBuffer into) throws IOException {
        try {
            return channel.read(into);
        } catch (IOException e) {
            throw new SocketException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                send(ByteBuffer.wrap(bytes, from, length));
            }
        };
    }

    private void send(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    writable.select();
                    writable.selectedKeys().clear();
                }
            }
        } catch (IOException | ClosedSelectorException e) {
            throw new SocketException(e.getMessage() == null ? "closed" : e.getMessage(), e);
        }
    }

    @Override
    public void setSoTimeout(int millis) {
        readMillis = millis;
    }

    /** There is no RST here: what is not read when a socket is closed is how the peer notices. */
    @Override
    public void setSoLinger(boolean on, int seconds) {
        // nothing to set
    }

    @Override
    public void shutdownOutput() throws IOException {
        isOutputShut = true;
        channel.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShut;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }
}
