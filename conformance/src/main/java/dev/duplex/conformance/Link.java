package dev.duplex.conformance;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One connection after its opening handshake: a reading thread fills a queue of events, the case's thread writes.
 *
 * <p>Threads of the platform: while one case computes, the others must still see what comes, or patience would end for nothing.
 */
final class Link {
    private static final long DEAF_MILLIS = 1000;
    private final Socket socket;
    private final Socket plain;
    private final OutputStream out;
    private final FrameReader frames;
    private final Incoming incoming;
    private final WireLog log;
    private final long patienceNanos;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile long lastProgress = System.nanoTime();
    private volatile long lastWrite;
    private volatile boolean writing;
    private volatile boolean deaf;

    /**
     * @param plain the socket below TLS, or the socket itself
     * @param in the socket's stream, with what the handshake has read too much
     */
    Link(Socket socket, Socket plain, InputStream in, boolean peerIsClient, Inflate inflate, WireLog log, Duration patience) throws IOException {
        this.socket = socket;
        this.plain = plain;
        this.out = socket.getOutputStream();
        this.frames = new FrameReader(new Watched(in), peerIsClient);
        this.incoming = new Incoming(inflate);
        this.log = log;
        this.patienceNanos = patience.toNanos();
        socket.setSoTimeout((int) patience.toMillis());
        Thread.ofPlatform().daemon().start(this::read);
    }

    /** Marks each arrival of bytes, so that patience ends only when nothing moves. */
    private final class Watched extends InputStream {
        private final InputStream in;

        Watched(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            while (true) {
                try {
                    int n = in.read(bytes, from, length);
                    lastProgress = System.nanoTime();
                    return n;
                } catch (SocketTimeoutException e) {
                    if (writing && System.nanoTime() - lastWrite > patienceNanos) {
                        log.note("the peer has stopped reading");
                        plain.close();
                    }
                }
            }
        }
    }

    private void read() {
        Event.End end = Event.End.FIN;
        try {
            for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
                log.received(frame.toString());
                events.addAll(incoming.frame(frame));
                if (deaf) {
                    deaf = false;
                    Thread.sleep(DEAF_MILLIS);
                }
            }
        } catch (FrameFault | BadDeflate e) {
            log.note("broken rule: " + e.getMessage());
            events.add(new Event.Fault("the peer sent " + e.getMessage()));
        } catch (SSLException | EOFException e) {
            log.note(e.getMessage());
        } catch (SocketException e) {
            end = Event.End.RESET;
        } catch (IOException | InterruptedException e) {
            log.note(e.toString());
        }
        log.received("(" + end.words(carrier()) + ")");
        events.add(new Event.Ended(end));
    }

    /** What carries the frames, in words. */
    String carrier() {
        return socket instanceof StreamSocket ? "the stream" : "TCP";
    }

    /** The next event; {@code null} when nothing has moved for as long as patience lasts. */
    Event next() throws InterruptedException {
        while (true) {
            long left = lastProgress + patienceNanos - System.nanoTime();
            Event event = events.poll(Math.max(left, 0), TimeUnit.NANOSECONDS);
            if (event != null || left <= 0) {
                return event;
            }
        }
    }

    Event next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Writes in pieces of the given size; all at once when it is 0. */
    void write(byte[] bytes, int cutBytes) throws IOException {
        writing = true;
        try {
            int step = cutBytes == 0 ? Math.max(bytes.length, 1) : cutBytes;
            for (int at = 0; at < bytes.length; at += step) {
                lastWrite = System.nanoTime();
                out.write(bytes, at, Math.min(step, bytes.length - at));
                lastProgress = System.nanoTime();
            }
            out.flush();
        } finally {
            writing = false;
        }
    }

    /** When the checker last wrote, by {@link System#nanoTime}. */
    long lastWriteNanos() {
        return lastWrite;
    }

    int[] framesAndKeys() {
        return frames.framesAndKeys();
    }

    void deafForAWhile() {
        deaf = true;
    }

    void halfClose() throws IOException {
        log.sent("(FIN)");
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        log.sent("(RST)");
        plain.setSoLinger(true, 0);
        plain.close();
    }

    void close() {
        try {
            socket.close();
            plain.close();
        } catch (IOException e) {
            log.note("closing: " + e.getMessage());
        }
    }
}
