package dev.duplex.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection through a {@link FaultProxy}: two sockets, and for each way a virtual thread that reads and one that writes.
 *
 * <pre>
 *   from ──► reader ── parcels, each with its time ──► writer ──► to
 * </pre>
 */
final class Link {
    private static final int READ_BYTES = 16 * 1024;
    private static final int PARCELS = 64;

    private final Socket client;
    private final Socket server;
    private final Consumer<Link> onEnd;
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private final AtomicInteger openWays = new AtomicInteger(2);
    private final List<Thread> threads = new ArrayList<>();

    Link(Socket client, Socket server, Consumer<Link> onEnd) {
        this.client = client;
        this.server = server;
        this.onEnd = onEnd;
    }

    void start(Faults toServer, Faults toClient) throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        run(client, server, toServer);
        run(server, client, toClient);
    }

    private synchronized void run(Socket from, Socket to, Faults faults) {
        if (hasEnded.get()) {
            return;
        }
        BlockingQueue<Passage.Parcel> parcels = new ArrayBlockingQueue<>(PARCELS);
        Passage passage = new Passage(faults, ThreadLocalRandom.current().nextLong());
        threads.add(Thread.ofVirtual().start(() -> guarded(() -> read(from, faults, passage, parcels))));
        threads.add(Thread.ofVirtual().start(() -> guarded(() -> write(parcels, to))));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** What breaks on one side breaks on the other. */
    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            end(Fault.RESET);
        } catch (InterruptedException e) {
            end(Fault.CUT);
        }
    }

    private void read(Socket from, Faults faults, Passage passage, BlockingQueue<Passage.Parcel> parcels)
            throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] bytes = new byte[READ_BYTES];
        faults.awaitReading(0);
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            int at = 0;
            while (at < read) {
                int clear = passage.clear(read - at);
                if (clear > 0) {
                    parcels.put(passage.pass(bytes, at, at + clear, System.nanoTime()));
                    at += clear;
                } else if (faults.stopsReading(passage.passedBytes())) {
                    faults.awaitReading(passage.passedBytes());
                } else {
                    put(parcels, passage.fault(System.nanoTime()));
                    at = read;
                }
            }
            faults.awaitReading(passage.passedBytes());
        }
        put(parcels, passage.end(Fault.FIN, System.nanoTime()));
    }

    private static void put(BlockingQueue<Passage.Parcel> parcels, Passage.Parcel parcel) throws InterruptedException {
        if (parcel != null) {
            parcels.put(parcel);
        }
    }

    private void write(BlockingQueue<Passage.Parcel> parcels, Socket to) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        while (true) {
            Passage.Parcel parcel = parcels.take();
            long wait = parcel.dueNanos() - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            if (parcel.fault() == Fault.FIN) {
                to.shutdownOutput();
                if (openWays.decrementAndGet() == 0) {
                    end(Fault.CUT);
                }
                return;
            }
            if (parcel.fault() != null) {
                end(parcel.fault());
                return;
            }
            out.write(parcel.bytes());
        }
    }

    /** Ends both ways: with FIN, or with RST. */
    synchronized void end(Fault how) {
        if (!hasEnded.compareAndSet(false, true)) {
            return;
        }
        close(client, how);
        close(server, how);
        threads.forEach(Thread::interrupt);
        onEnd.accept(this);
    }

    private static void close(Socket socket, Fault how) {
        try {
            if (how == Fault.RESET) {
                socket.setSoLinger(true, 0);
            } else if (socket.isConnected() && !socket.isOutputShutdown()) {
                socket.shutdownOutput(); // or unread bytes would make RST of FIN
            }
        } catch (IOException e) {
            // It is gone already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
