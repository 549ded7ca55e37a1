package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on a {@link SocketWire}: what a server's channel with TLS becomes when a WebSocket has been opened on it.
 *
 * <pre>
 *   socket ─► the loop's receive buffer ─► a record ─► the loop's buffer of decrypted bytes ─► receiver
 *                                          └─► {@link BegunRecord}, while it is not whole
 *   socket ◄─ the loop's buffer of records ◄─ what is written, encrypted at once
 * </pre>
 *
 * <p>The handshake is over. One record at a time is decrypted and handed over, for the reason that {@link TlsHandler} tells.
 */
final class TlsWire implements Wire, Receiver {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** Where decrypted bytes are put: no record is larger, whatever its head says. */
    static final int DECRYPTED_BYTES = 64 * 1024;
    /** Four full records and a small one, as one flush has them. */
    static final int ENCRYPTED_BYTES = 5 * 17 * 1024;
    /** TLS's own answers that may wait for a peer that takes nothing: some 500 of them. */
    private static final int UNHEARD_BYTES = 16 * 1024;

    private static final int HANDSHAKE = 22;

    private final Pulse pulse;
    private final SocketWire socket;
    private final TlsSession session;
    /** TLS 1.3 has messages for the time after the handshake; before it they began another handshake. */
    private final boolean knowsLateHandshakes;
    private Receiver receiver;
    private final BegunRecord begun;
    /** Of what {@link #writeNow} was given, the bytes that are encrypted and wait: they are given once more. */
    private int owedBytes;
    private int unheardBytes;
    /** Whether nothing more is decrypted. */
    private boolean isDeaf;
    private boolean hasEndedOutput;
    private boolean hasFailed;
    /** Whether nothing more is encrypted. */
    private boolean isMute;

    /**
     * @param engine its handshake is over
     * @param rest what has come behind that and is not decrypted yet, taken over
     */
    TlsWire(Pulse pulse, SocketWire socket, SSLEngine engine, ByteBuf rest) {
        this.pulse = pulse;
        this.socket = socket;
        session = TlsSession.of(engine);
        begun = new BegunRecord(rest);
        knowsLateHandshakes = session.isTls13();
    }

    /** Begins, on the loop. @param opening opens what {@code whom} is, before anything that has come is told */
    void open(Receiver whom, Runnable opening) {
        receiver = whom;
        socket.open(this);
        opening.run();
        received(begun.take());
        if (!isDeaf && session.hasEndedInput()) {
            endInput(); // the channel has heard it already
        }
        receivedAll();
    }

    // From the socket

    @Override
    public void received(ByteBuf bytes) {
        if (isDeaf && hasEndedOutput) {
            receiver.received(bytes); // which counts what it drops
            return;
        }
        try {
            decryptAll(bytes);
        } catch (SSLException e) {
            fail(e);
        } finally {
            bytes.release();
        }
    }

    private void decryptAll(ByteBuf bytes) throws SSLException {
        ByteBuf record = begun.completed(bytes);
        if (record != null) {
            try {
                decrypt(record);
            } finally {
                record.release();
            }
        }
        while (hears() && BegunRecord.isWhole(bytes)) {
            decrypt(bytes);
        }
        if (hears() && bytes.isReadable()) {
            begun.begin(bytes, alloc());
        }
    }

    private boolean hears() {
        return !isDeaf && !hasFailed && socket.isActive();
    }

    private void decrypt(ByteBuf bytes) throws SSLException {
        if (!knowsLateHandshakes && bytes.getByte(bytes.readerIndex()) == HANDSHAKE) {
            throw new SSLHandshakeException("the peer wants another handshake");
        }
        ByteBuf into = pulse.decrypted();
        boolean mayWantToSpeak = session.decrypt(bytes, into);
        if (into.isReadable()) {
            receiver.received(into.retain());
        }
        if (mayWantToSpeak) {
            speak();
        }
        if (session.hasEndedInput()) {
            endInput();
        }
    }

    /** After this end's own close_notify only FIN counts. */
    private void endInput() {
        isDeaf = true;
        isMute = session.hasEndedOutput();
        if (!hasEndedOutput) {
            receiver.inputEnded("FIN, by TLS's close_notify");
        }
    }

    @Override
    public void receivedAll() {
        receiver.receivedAll();
    }

    @Override
    public void inputEnded(String signal) {
        receiver.inputEnded(signal);
    }

    @Override
    public void failed(Throwable cause) {
        receiver.failed(cause);
    }

    @Override
    public void ended() {
        begun.drop();
        session.release();
        receiver.ended();
    }

    // What TLS has to say by itself

    /** Sends alerts, and answers to what came, as long as there are any. */
    private void speak() throws SSLException {
        for (ByteBuf records = pulse.encrypted(); session.speak(records); records = pulse.encrypted()) {
            unheardBytes = socket.waitingBytes() == 0 ? 0 : unheardBytes + records.readableBytes();
            if (unheardBytes > UNHEARD_BYTES) {
                throw new SSLException("the peer asks for more answers than it takes");
            }
            sends(records);
        }
    }

    private void sayGoodbye() {
        if (!socket.isActive() || hasFailed) {
            return;
        }
        isMute = true;
        try {
            session.endOutput();
            speak();
        } catch (SSLException e) {
            LOG.debug("{} ends without close_notify: {}", this, e.toString());
        }
    }

    /** Once, with the alert that tells the peer why. */
    private void fail(SSLException cause) {
        if (hasFailed) {
            return;
        }
        hasFailed = true;
        isMute = true;
        try {
            speak();
        } catch (SSLException e) {
            cause.addSuppressed(e);
        }
        receiver.failed(cause);
    }

    // Writing

    @Override
    public int writeNow(ByteBuf bytes) {
        if (isMute || owedBytes > 0 || socket.waitingBytes() > 0 || !socket.isActive()) {
            return 0;
        }
        int at = bytes.readerIndex();
        try {
            while (at < bytes.writerIndex() && owedBytes == 0) {
                ByteBuf records = pulse.encrypted();
                int end = session.encrypt(bytes, at, records);
                if (sends(records)) {
                    at = end;
                } else {
                    owedBytes = end - at;
                }
            }
        } catch (SSLException e) {
            fail(e);
        }
        return at - bytes.readerIndex();
    }

    /** @return whether the socket has taken all; else the rest of it waits there */
    private boolean sends(ByteBuf records) {
        int sent = socket.writeNow(records);
        if (sent == records.readableBytes()) {
            return true;
        }
        records.skipBytes(sent);
        socket.queue(alloc().directBuffer(records.readableBytes()).writeBytes(records));
        return false;
    }

    @Override
    public void queue(ByteBuf bytes) {
        int owed = Math.min(owedBytes, bytes.readableBytes());
        owedBytes -= owed;
        try {
            for (int at = bytes.readerIndex() + owed; at < bytes.writerIndex() && !isMute && socket.isActive(); ) {
                ByteBuf records = pulse.encrypted();
                at = session.encrypt(bytes, at, records);
                sends(records);
            }
        } catch (SSLException e) {
            fail(e);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void write(ByteBuf bytes, Written whom) {
        queue(bytes);
        if (isMute) {
            whom.ended(false);
        } else {
            socket.write(Unpooled.EMPTY_BUFFER, whom); // behind the bytes
        }
    }

    @Override
    public boolean isCopying() {
        return true;
    }

    @Override
    public long waitingBytes() {
        return socket.waitingBytes();
    }

    @Override
    public long progress() {
        return socket.progress();
    }

    @Override
    public long heldBytes() {
        return begun.heldBytes();
    }

    // Ending

    @Override
    public void endOutput(Runnable then) {
        hasEndedOutput = true;
        sayGoodbye();
        socket.endOutput(then);
    }

    @Override
    public boolean halfClose() {
        return socket.halfClose();
    }

    @Override
    public void close() {
        sayGoodbye();
        socket.close();
    }

    /** Without the last words of TLS: who takes nothing would not hear them either. */
    @Override
    public void cut() {
        socket.close();
    }

    // The rest is the socket's

    @Override
    public EventLoop loop() {
        return socket.loop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    @Override
    public Optional<TransportInfo> transportInfo() {
        return socket.transportInfo();
    }

    @Override
    public boolean isActive() {
        return socket.isActive();
    }

    @Override
    public ByteBufAllocator alloc() {
        return socket.alloc();
    }

    @Override
    public void reads(boolean wanted) {
        socket.reads(wanted);
    }

    @Override
    public boolean isReading() {
        return socket.isReading();
    }

    @Override
    public String toString() {
        return "TLS on " + socket;
    }
}
