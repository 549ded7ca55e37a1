package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS after its handshake: makes bytes of records, and records of bytes. On the loop; every buffer is in native memory. */
interface TlsSession {
    /** What an engine does once its handshake is over; the engine belongs to it from now on. */
    static TlsSession of(SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine boring ? BoringSession.of(boring) : new EngineSession(engine);
    }

    /** Whether both ends speak TLS 1.3. */
    boolean isTls13();

    /**
     * Decrypts the whole record at the beginning of {@code bytes}.
     *
     * @param into empty, with room for any record
     * @return whether TLS may have something to {@link #speak}
     * @throws SSLException if the peer cannot have meant that, which {@link #speak} tells it
     */
    boolean decrypt(ByteBuf bytes, ByteBuf into) throws SSLException;

    /** Whether nothing more is decrypted, because the peer has said that nothing more comes. */
    boolean hasEndedInput();

    /** Whether nothing more is encrypted. */
    boolean hasEndedOutput();

    /**
     * Encrypts.
     *
     * @param at where to begin in {@code bytes}, whose own index stays
     * @param into empty, of {@link TlsWire#ENCRYPTED_BYTES}
     * @return up to where there was room for it
     */
    int encrypt(ByteBuf bytes, int at, ByteBuf into) throws SSLException;

    /**
     * Writes alerts, and answers to what came.
     *
     * @param into empty
     * @return whether there were any: then there may be more
     */
    boolean speak(ByteBuf into) throws SSLException;

    /** Lets {@link #speak} tell the peer that nothing more comes (RFC 8446 §6.1). */
    void endOutput();

    /** Gives the engine back. All calls after it do nothing, or throw what a broken record does. */
    void release();
}
