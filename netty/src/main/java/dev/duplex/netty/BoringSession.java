package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * BoringSSL's TLS without the engine around it, which asks BoringSSL a dozen questions for each record.
 *
 * <p>Native memory is at stake: whatever BoringSSL reads or writes is a buffer that the caller of that very method holds, and after
 * {@link #release} it is not called any more.
 */
final class BoringSession implements TlsSession {
    /** What BoringSSL says while it reads waits here until {@link #speak}: alerts, a few bytes each. As much as the engine has. */
    private static final int UNSPOKEN_BYTES = 2048;
    /** What is encrypted at once: so much that its records fit {@link TlsWire#ENCRYPTED_BYTES}, whatever the cipher adds. */
    private static final int CLEAR_BYTES = 4 * 16 * 1024;

    private final ReferenceCountedOpenSslEngine engine;
    private final boolean isTls13;
    /** 0 when it is over: freed, by {@link #release} or by an engine that has failed. */
    private long ssl;
    /** Where BoringSSL reads its records, and writes them. */
    private final long bio;
    private boolean hasEndedInput;
    private boolean wantsGoodbye;

    private BoringSession(ReferenceCountedOpenSslEngine engine, long ssl, long bio) {
        this.engine = engine;
        this.ssl = ssl;
        this.bio = bio;
        isTls13 = engine.getSession().getProtocol().equals(Tls.VERSIONS[0]);
        hasEndedInput = ssl == 0 || (SSL.getShutdown(ssl) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
    }

    /** @param engine from now on only given back: its own buffer of records is gone */
    static BoringSession of(ReferenceCountedOpenSslEngine engine) {
        long ssl = engine.sslPointer(); // 0 once it has failed
        try {
            return new BoringSession(engine, ssl, ssl == 0 ? 0 : SSL.bioNewByteBuffer(ssl, UNSPOKEN_BYTES));
        } catch (Exception e) {
            throw new IllegalStateException("no memory for TLS", e);
        }
    }

    @Override
    public boolean isTls13() {
        return isTls13;
    }

    @Override
    public boolean decrypt(ByteBuf bytes, ByteBuf into) throws SSLException {
        requireHeld();
        int length = BegunRecord.length(bytes);
        SSL.bioSetByteBuffer(bio, address(bytes) + bytes.readerIndex(), length, false);
        int produced = SSL.readFromSSL(ssl, address(into), into.capacity());
        bytes.skipBytes(length);
        if (produced > 0) {
            into.writerIndex(produced);
            return false;
        }
        int error = SSL.getError(ssl, produced);
        SSL.bioClearByteBuffer(bio);
        if (error == SSL.SSL_ERROR_ZERO_RETURN) {
            hasEndedInput = true;
        } else if (error != SSL.SSL_ERROR_WANT_READ && error != SSL.SSL_ERROR_WANT_WRITE) {
            throw failure();
        }
        return true;
    }

    @Override
    public boolean hasEndedInput() {
        return hasEndedInput;
    }

    @Override
    public boolean hasEndedOutput() {
        return ssl == 0 || (SSL.getShutdown(ssl) & SSL.SSL_SENT_SHUTDOWN) != 0;
    }

    @Override
    public int encrypt(ByteBuf bytes, int at, ByteBuf into) throws SSLException {
        requireHeld();
        int length = Math.min(bytes.writerIndex() - at, CLEAR_BYTES);
        long from = address(bytes) + at;
        SSL.bioSetByteBuffer(bio, address(into), into.capacity(), true);
        for (int done = 0; done < length; ) {
            int written = SSL.writeToSSL(ssl, from + done, length - done);
            if (written <= 0) {
                SSL.bioClearByteBuffer(bio);
                throw failure();
            }
            done += written;
        }
        into.writerIndex(into.capacity() - SSL.bioLengthByteBuffer(bio));
        return at + length;
    }

    @Override
    public boolean speak(ByteBuf into) {
        if (ssl == 0) {
            return false;
        }
        SSL.bioSetByteBuffer(bio, address(into), into.capacity(), true);
        SSL.bioFlushByteBuffer(bio);
        if (wantsGoodbye) {
            wantsGoodbye = false;
            SSL.shutdownSSL(ssl); // its answer tells of the peer's end alone
        }
        into.writerIndex(into.capacity() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
        return into.isReadable();
    }

    @Override
    public void endOutput() {
        wantsGoodbye = true;
    }

    @Override
    public void release() {
        ssl = 0;
        engine.release();
    }

    /** Where its first byte is; a buffer on the heap has no such place. */
    private static long address(ByteBuf bytes) {
        if (bytes.hasMemoryAddress()) {
            return bytes.memoryAddress();
        }
        ByteBuffer nio = bytes.internalNioBuffer(0, bytes.capacity());
        if (!nio.isDirect()) {
            throw new IllegalArgumentException("not in native memory: " + bytes);
        }
        return Buffer.address(nio) + nio.position(); // a JVM that gives Netty no Unsafe
    }

    private void requireHeld() throws SSLException {
        if (ssl == 0) {
            throw new SSLException("the session is over");
        }
    }

    private static SSLException failure() {
        return new SSLException(SSL.getLastError());
    }
}
