package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP socket as a wire, straight on its loop's epoll: no channel, no pipeline, no buffer while nothing is under way.
 *
 * <pre>
 *   socket ─► the loop's one buffer ─► receiver      receiver ─► socket
 *                                                        └─► waiting ─► socket, when there is room
 * </pre>
 *
 * <p>It is told once when a socket becomes readable or writable (EPOLLET), and asks epoll for nothing again.
 */
final class SocketWire implements Wire, EpollIoHandle {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");
    private static final EpollIoOps ALL = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT).with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final int OUTPUT = EpollIoOps.EPOLLOUT.value() | EpollIoOps.EPOLLERR.value();
    private static final int END = EpollIoOps.EPOLLRDHUP.value() | EpollIoOps.EPOLLERR.value();
    private static final int INPUT = EpollIoOps.EPOLLIN.value() | END;

    /** So often one socket is read before others have their turn. */
    private static final int READS = 16;

    private final Pulse pulse;
    private final Socket socket;
    private final SocketAddress peer;
    private final Admission.Place place;
    private Receiver receiver;
    private IoRegistration registration;
    /** In their order {@code ByteBuf}, {@link Written} of what is before it, {@code Runnable}; null while all is written. */
    private Queue<Object> waiting;
    private long waitingBytes;
    private long sentBytes;
    private boolean hasRoom = true;
    private boolean wantsReads = true;
    private boolean isReadable;
    /** Whether all is read, wanted or not, since the peer sends nothing more. */
    private boolean readsToEnd;
    private boolean isReadDue;
    private boolean isTelling;
    private IOException broken;
    private volatile boolean isActive = true;

    /** @param place what it counts for until it is closed */
    SocketWire(Pulse pulse, Socket socket, SocketAddress peer, Admission.Place place) {
        this.pulse = pulse;
        this.socket = socket;
        this.peer = peer;
        this.place = place;
    }

    /** Begins, on the loop. */
    void open(Receiver whom) {
        receiver = whom;
        ((IoEventLoop) pulse.loop()).register(this).addListener(done -> {
            if (done.isSuccess()) {
                registration = (IoRegistration) done.getNow();
                listen();
            } else {
                close();
            }
        });
    }

    private void listen() {
        try {
            registration.submit(ALL);
        } catch (UncheckedIOException epollHasNoRoom) {
            LOG.warn("{} is closed: {}", this, epollHasNoRoom.getMessage());
            close();
        }
    }

    /** Tells another one from now on. */
    void tells(Receiver whom) {
        receiver = whom;
    }

    /** Leaves the socket, open, to whoever takes it over; tells nobody anything more. */
    void leave() {
        isActive = false;
        if (registration != null) {
            registration.cancel();
        }
    }

    // From epoll

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration its, IoEvent event) {
        int ops = ((EpollIoEvent) event).ops().value();
        if ((ops & OUTPUT) != 0) {
            hasRoom = broken == null;
            writeWaiting();
        }
        if ((ops & INPUT) != 0) {
            isReadable = true;
            readsToEnd |= (ops & END) != 0;
            read();
        }
    }

    // Reading

    private void read() {
        try {
            int bytes = receiveAll();
            if (bytes < 0 && broken == null && isActive) {
                receiver.inputEnded("FIN");
            } else if (bytes <= 0 && broken != null && isActive) {
                receiver.failed(broken);
            }
        } catch (IOException | RuntimeException | Error e) {
            receiver.failed(e);
        }
    }

    /** Hands over what is there, if it is wanted. @return what the last look at the socket gave: -1 is its end */
    private int receiveAll() throws IOException {
        int last = 1;
        boolean hasReceived = false;
        for (int reads = 0; last > 0 && isActive && isReadable && (wantsReads || readsToEnd); reads++) {
            if (reads == READS) {
                readLater();
                break;
            }
            ByteBuf into = pulse.receiveBuffer();
            last = receive(into);
            isReadable = last > 0 && (readsToEnd || last == into.capacity());
            if (last > 0) {
                hasReceived = true;
                receiver.received(into.writerIndex(last).retain());
            }
        }
        if (hasReceived) {
            receiver.receivedAll();
        }
        return last;
    }

    private int receive(ByteBuf into) throws IOException {
        if (into.hasMemoryAddress()) {
            return socket.recvAddress(into.memoryAddress(), 0, into.capacity());
        }
        ByteBuffer bytes = into.internalNioBuffer(0, into.capacity());
        return socket.recv(bytes, bytes.position(), bytes.limit());
    }

    /** Not at once: whoever wants more is often about to take what has come. */
    private void readLater() {
        if (!isReadDue && isReadable) {
            isReadDue = true;
            pulse.loop().execute(() -> {
                isReadDue = false;
                read();
            });
        }
    }

    @Override
    public void reads(boolean wanted) {
        wantsReads = wanted;
        if (wanted) {
            readLater();
        }
    }

    @Override
    public boolean isReading() {
        return wantsReads;
    }

    // Writing

    @Override
    public int writeNow(ByteBuf bytes) {
        return waiting == null ? send(bytes) : 0;
    }

    @Override
    public void queue(ByteBuf bytes) {
        if (!isActive) {
            bytes.release();
            return;
        }
        waiting = waiting != null ? waiting : new ArrayDeque<>();
        waiting.add(bytes);
        waitingBytes += bytes.readableBytes();
    }

    @Override
    public void write(ByteBuf bytes, Written whom) {
        if (!isActive) {
            bytes.release();
            whom.ended(false);
            return;
        }
        queue(bytes);
        waiting.add(whom);
        writeOn();
    }

    private void writeWaiting() {
        try {
            writeOn();
        } catch (RuntimeException | Error e) {
            receiver.failed(e);
        }
    }

    /** Writes what waits, as far as there is room. */
    private void writeOn() {
        if (isTelling) {
            return; // whoever is told that a write is over may write: the loop below goes on
        }
        isTelling = true;
        try {
            while (waiting != null && !waiting.isEmpty() && (!(waiting.peek() instanceof ByteBuf) || isActive && hasRoom)) {
                switch (waiting.peek()) {
                    case ByteBuf bytes -> writeOn(bytes);
                    case Written whom -> {
                        waiting.remove();
                        whom.ended(true);
                    }
                    default -> ((Runnable) waiting.remove()).run();
                }
            }
        } finally {
            isTelling = false;
        }
        if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
    }

    private void writeOn(ByteBuf bytes) {
        int sent = send(bytes);
        waitingBytes -= sent;
        bytes.skipBytes(sent);
        if (!bytes.isReadable()) {
            waiting.remove();
            bytes.release();
        }
    }

    /** @return how many bytes are written; after fewer than all there is no room until epoll says so */
    private int send(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (!isActive || !hasRoom || length == 0) {
            return 0;
        }
        try {
            int sent;
            if (bytes.hasMemoryAddress()) {
                sent = socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
            } else {
                ByteBuffer nio = bytes.internalNioBuffer(bytes.readerIndex(), length);
                sent = socket.send(nio, nio.position(), nio.limit());
            }
            hasRoom = sent == length;
            sentBytes += sent;
            return sent;
        } catch (IOException e) {
            broken = e; // what the peer has said before may be here: it is read, and after it the reason is told
            hasRoom = false;
            isReadable = true;
            readsToEnd = true;
            readLater();
            return 0;
        }
    }

    @Override
    public boolean isCopying() {
        return false;
    }

    @Override
    public long waitingBytes() {
        return waitingBytes;
    }

    @Override
    public long progress() {
        return sentBytes;
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    // Ending

    @Override
    public void endOutput(Runnable then) {
        if (waiting == null) {
            then.run();
        } else {
            waiting.add(then);
        }
    }

    @Override
    public boolean halfClose() {
        return ChannelWire.sendFin(socket);
    }

    @Override
    public void close() {
        if (!isActive) {
            return;
        }
        isActive = false;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("{}: {}", this, e.toString()); // its descriptor is given back all the same
        }
        if (registration != null) {
            registration.cancel();
        }
        try {
            pulse.loop().execute(this::closed);
        } catch (RejectedExecutionException loopEnds) {
            closed();
        }
    }

    @Override
    public void cut() {
        close();
    }

    private void closed() {
        try {
            drop();
        } finally {
            place.leave();
            receiver.ended();
        }
    }

    private void drop() {
        while (waiting != null && !waiting.isEmpty()) {
            switch (waiting.remove()) {
                case ByteBuf bytes -> bytes.release();
                case Written whom -> whom.ended(false);
                default -> { } // who waits for the end of the output is told of the end
            }
        }
        waiting = null;
        waitingBytes = 0;
    }

    // The rest

    @Override
    public EventLoop loop() {
        return pulse.loop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return peer;
    }

    /** Any thread may ask. Once it is closed its number may be another's: what it told counts only if it is open still. */
    @Override
    public Optional<TransportInfo> transportInfo() {
        Optional<TransportInfo> told = isActive ? TcpFacts.of(socket) : Optional.empty();
        return isActive ? told : Optional.empty();
    }

    @Override
    public boolean isActive() {
        return isActive;
    }

    @Override
    public ByteBufAllocator alloc() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public String toString() {
        return "socket to " + peer;
    }
}
