package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The JDK's TLS. */
final class EngineSession implements TlsSession {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SSLEngine engine;
    /** As much room as the engine wants for one record. */
    private final int roomBytes;
    private boolean hasEndedInput;

    EngineSession(SSLEngine engine) {
        this.engine = engine;
        roomBytes = engine.getSession().getPacketBufferSize();
        hasEndedInput = engine.isInboundDone();
    }

    @Override
    public boolean isTls13() {
        return engine.getSession().getProtocol().equals(Tls.VERSIONS[0]);
    }

    @Override
    public boolean decrypt(ByteBuf bytes, ByteBuf into) throws SSLException {
        ByteBuffer record = bytes.internalNioBuffer(bytes.readerIndex(), BegunRecord.length(bytes));
        SSLEngineResult result = engine.unwrap(record, into.internalNioBuffer(0, into.capacity()));
        bytes.skipBytes(result.bytesConsumed());
        into.writerIndex(result.bytesProduced());
        hasEndedInput = result.getStatus() == SSLEngineResult.Status.CLOSED;
        if (result.bytesConsumed() == 0 && !hasEndedInput) {
            throw new SSLException("a record that cannot be read");
        }
        return result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public boolean hasEndedInput() {
        return hasEndedInput;
    }

    @Override
    public boolean hasEndedOutput() {
        return engine.isOutboundDone();
    }

    @Override
    public int encrypt(ByteBuf bytes, int at, ByteBuf into) throws SSLException {
        ByteBuffer from = bytes.internalNioBuffer(at, bytes.writerIndex() - at);
        ByteBuffer records = into.internalNioBuffer(0, into.capacity());
        int start = records.position();
        do {
            SSLEngineResult result = engine.wrap(from, records);
            if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesProduced() == 0) {
                throw new SSLException("TLS takes nothing more: " + result.getStatus());
            }
        } while (from.hasRemaining() && records.remaining() >= roomBytes);
        into.writerIndex(records.position() - start);
        return bytes.writerIndex() - from.remaining();
    }

    @Override
    public boolean speak(ByteBuf into) throws SSLException {
        HandshakeStatus now = engine.getHandshakeStatus();
        for (Runnable task = task(now); task != null; task = task(now)) {
            task.run();
            now = engine.getHandshakeStatus();
        }
        if (now == HandshakeStatus.NEED_WRAP) {
            into.writerIndex(engine.wrap(NOTHING.duplicate(), into.internalNioBuffer(0, into.capacity())).bytesProduced());
        }
        return into.isReadable();
    }

    private Runnable task(HandshakeStatus now) {
        return now == HandshakeStatus.NEED_TASK ? engine.getDelegatedTask() : null;
    }

    @Override
    public void endOutput() {
        engine.closeOutbound();
    }

    @Override
    public void release() {
        // the collector has it
    }
}
