package dev.duplex.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy before a server on this machine that lets plain HTTP pass, and does to WebSockets what it is told, also in mid-connection.
 *
 * <p>It knows them by their opening over HTTP/1.1. When its server can no longer be reached, it goes down as well.
 */
public final class FickleProxy implements AutoCloseable {
    /** What becomes of WebSockets. */
    public enum Mood {
        /** They pass. */
        PASS,
        /** They open, and from then on all that comes is taken and lost. */
        SWALLOW,
        /** They are cut, and none opens. */
        REFUSE
    }

    private final int serverPort;
    private final ServerSocket acceptor;
    private final Set<Upgraded> upgraded = ConcurrentHashMap.newKeySet();
    private final AtomicLong swallowed = new AtomicLong();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile Mood mood = Mood.PASS;
    private volatile long cutAfterBytes = Long.MAX_VALUE;

    /** A connection that has asked for an upgrade. */
    private record Upgraded(Socket client, Socket server, AtomicLong bytes) {
        void cut() {
            try (client; server) {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException gone) {
                return;
            }
        }
    }

    /** Listens on a free port of 127.0.0.1, before a server on another. */
    public FickleProxy(int serverPort, Mood mood) throws IOException {
        this.serverPort = serverPort;
        this.mood = mood;
        acceptor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens. */
    public int port() {
        return acceptor.getLocalPort();
    }

    /** From now on, for connections that are open, too; who was swallowed stays so. */
    public void become(Mood next) {
        mood = next;
        if (next == Mood.REFUSE) {
            upgraded.forEach(Upgraded::cut);
        }
    }

    /** Cuts each WebSocket after so many bytes, both ways and the opening together. */
    public void cutAfter(long bytes) {
        cutAfterBytes = bytes;
    }

    /** The bytes of WebSockets that never arrived. */
    public long swallowed() {
        return swallowed.get();
    }

    /** How many WebSockets have opened through it. */
    public int opened() {
        return opened.get();
    }

    private void accept() {
        Socket waiting = null;
        try (acceptor) { // it goes down with its server
            while (true) {
                Socket client = acceptor.accept();
                waiting = client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                waiting = null;
                Upgraded[] its = new Upgraded[1];
                Thread.ofVirtual().start(() -> pass(client, server, its));
                Thread.ofVirtual().start(() -> pass(server, client, its));
            }
        } catch (IOException closed) {
            drop(waiting);
        }
    }

    private static void drop(Socket client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException gone) {
            return;
        }
    }

    private void pass(Socket from, Socket to, Upgraded[] its) {
        byte[] buffer = new byte[64 * 1024];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            boolean isLost = false;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                boolean wasOpen = its[0] != null;
                if (!wasOpen) {
                    look(from, to, new String(buffer, 0, n, StandardCharsets.ISO_8859_1), its);
                }
                isLost |= wasOpen && mood == Mood.SWALLOW;
                if (isLost) {
                    swallowed.addAndGet(n);
                } else if (its[0] != null && (mood == Mood.REFUSE || its[0].bytes.addAndGet(n) > cutAfterBytes)) {
                    its[0].cut();
                    return;
                } else {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException broken) {
            return;
        } finally {
            if (its[0] != null) {
                upgraded.remove(its[0]);
            }
        }
    }

    /** What follows an answer of 101 are frames. */
    private void look(Socket from, Socket to, String text, Upgraded[] its) {
        if (text.startsWith("HTTP/1.1 101 ")) {
            opened.incrementAndGet();
            its[0] = new Upgraded(to, from, new AtomicLong());
            upgraded.add(its[0]);
        } else if (mood == Mood.REFUSE && text.toLowerCase(Locale.ROOT).contains("upgrade: websocket")) {
            new Upgraded(from, to, new AtomicLong()).cut();
        }
    }

    /** Accepts nothing more; what is open goes on. */
    @Override
    public void close() throws IOException {
        acceptor.close();
    }
}
