package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/**
 * The negotiated compression of one connection, both ways (RFC 7692).
 *
 * <p>Nothing is allocated before the first compressed message. Without context takeover zlib's native memory is held only
 * while a message is under way; with it, this end's compressor keeps about 256 KiB and the peer's window up to 40 KiB until
 * {@link #release}. Not thread-safe: it belongs to the engine that it was given to.
 */
public final class PerMessageDeflate {
    private final Role role;
    private final DeflateParameters parameters;
    private final DeflateOptions options;
    private final Compressor compressor;
    private final Decompressor decompressor;

    /** Compression for one connection; {@link #release} must be called at its end. */
    public static PerMessageDeflate of(Role role, DeflateParameters parameters, DeflateOptions options) {
        return new PerMessageDeflate(role, parameters, options);
    }

    private PerMessageDeflate(Role role, DeflateParameters parameters, DeflateOptions options) {
        Role peer = role == Role.SERVER ? Role.CLIENT : Role.SERVER;
        this.role = role;
        this.parameters = parameters;
        this.options = options;
        this.compressor = new Compressor(options.level(), parameters.maxWindowBits(role), !parameters.noContextTakeover(role));
        this.decompressor = new Decompressor(parameters.maxWindowBits(peer), !parameters.noContextTakeover(peer));
    }

    /** Whether an outgoing message is to be compressed: it may be, and is large enough to shrink. */
    boolean compresses(Message message) {
        return message.isCompressible() && message.byteLength() >= options.thresholdBytes();
    }

    /** Whether a message compressed here reads the same on every connection with equal window and level. */
    boolean sharesMessages() {
        return parameters.noContextTakeover(role);
    }

    /** How far this end's references may reach, as a power of two. */
    int windowBits() {
        return parameters.maxWindowBits(role);
    }

    /** zlib's level. */
    int level() {
        return options.level();
    }

    /** Compresses a whole message for every such connection, whatever this one is doing. */
    ByteBuffer deflateForAll(byte[] bytes) {
        return new Compressor(options.level(), windowBits(), false).deflate(bytes, 0, bytes.length, true);
    }

    /**
     * Compresses a piece of the outgoing message, so that the peer can read all of it at once.
     *
     * @param isLast ends the message: the tail 00 00 ff ff is left off (RFC 7692 §7.2.1)
     * @return the payload of the frame, owned by the caller; the single byte 00 for an empty end
     */
    ByteBuffer deflate(byte[] bytes, int offset, int length, boolean isLast) {
        return compressor.deflate(bytes, offset, length, isLast);
    }

    /**
     * Gives a piece of the incoming message's compressed payload; {@link #inflate} must have used up the one before.
     *
     * @param bytes must stay unchanged until {@link #inflate} returned 0
     * @param isLast the message ends with it: the tail 00 00 ff ff is added inside
     */
    void feed(byte[] bytes, int offset, int length, boolean isLast) {
        decompressor.feed(bytes, offset, length, isLast);
    }

    /**
     * Inflates what was fed, at most {@code length} bytes a call, so that the caller's limit holds to the byte.
     *
     * @param length at least 1
     * @return the number of bytes; 0 if all that was fed is used up, and so, after the last piece, the message is complete
     * @throws DataFormatException if the payload is not DEFLATE, or ends inside a block; only {@link #release} may follow
     */
    int inflate(byte[] into, int offset, int length) throws DataFormatException {
        return decompressor.inflate(into, offset, length);
    }

    /** What is held now, in bytes; the pool's idle ones are not counted. */
    long heldBytes() {
        return compressor.heldBytes() + decompressor.heldBytes();
    }

    /** Frees the native memory, also in the middle of a message; harmless when repeated. */
    public void release() {
        compressor.release();
        decompressor.release();
    }
}
