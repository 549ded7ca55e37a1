package dev.duplex.netty;

import io.netty.buffer.ByteBuf;

/**
 * Counts the frames of one peer of HTTP/2 by their heads alone, before anything is done about them: also those that a codec passes
 * over, such as a WINDOW_UPDATE for a stream that is closed.
 *
 * <pre>
 *   +-----------------------+---------+---------+-----------------------+---------------
 *   | length (24)           | type (8)| flags(8)| stream (32)           | payload ...      RFC 9113 §4.1
 *   +-----------------------+---------+---------+-----------------------+---------------
 * </pre>
 */
final class FrameTally {
    /** Streams reset by the peer, in {@link #WINDOW_SECONDS}; and again as many by this end because of the peer. */
    static final int MAX_RESETS = 200;

    /** Frames that ask for work and carry nothing, in {@link #WINDOW_SECONDS}: PING, SETTINGS, PRIORITY, GOAWAY, unknown ones, empty DATA. */
    static final int MAX_IDLE_FRAMES = 1_000;

    /** WINDOW_UPDATE frames in {@link #WINDOW_SECONDS}, beside those that were earned by what was sent. */
    static final int MAX_WINDOW_UPDATES = 10_000;

    /** Some peers grant room again for each segment that they read, for the stream and for the connection. */
    static final int WINDOW_UPDATES_PER_KIB = 4;

    static final int WINDOW_SECONDS = 30;

    private static final int HEAD_BYTES = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Allowance resets;
    private final Allowance idleFrames;
    private final Allowance windowUpdates;
    private int bytesToSkip;
    private int headBytes;
    private int length;
    private int type;
    private int flags;
    /** Of the frame whose payload is coming. */
    private int announcedBytes;
    /** Of a head, before the frame that is coming, and with it. */
    private int gatheredBefore;
    private int gatheredWith;
    private boolean isWithin = true;

    /** @param prefaceBytes what comes before the first frame */
    FrameTally(int prefaceBytes, long nowNanos) {
        bytesToSkip = prefaceBytes;
        resets = new Allowance(MAX_RESETS, WINDOW_SECONDS, nowNanos);
        idleFrames = new Allowance(MAX_IDLE_FRAMES, WINDOW_SECONDS, nowNanos);
        windowUpdates = new Allowance(MAX_WINDOW_UPDATES, WINDOW_SECONDS, nowNanos);
    }

    /** Looks at bytes as they come, and leaves them as they are. @return false if the peer has sent too many frames of a kind */
    boolean allows(ByteBuf bytes, long nowNanos) {
        int at = bytes.readerIndex();
        while (isWithin && at < bytes.writerIndex()) {
            if (bytesToSkip > 0) {
                int skipped = Math.min(bytesToSkip, bytes.writerIndex() - at);
                bytesToSkip -= skipped;
                at += skipped;
            } else {
                take(bytes.getUnsignedByte(at++), nowNanos);
            }
        }
        return isWithin;
    }

    /** One more byte of a frame's head. */
    private void take(int next, long nowNanos) {
        switch (headBytes++) {
            case 0, 1, 2 -> length = length << 8 | next;
            case 3 -> type = next;
            case 4 -> {
                flags = next;
                isWithin = isAllowed((flags & END_STREAM) != 0, nowNanos);
            }
            case HEAD_BYTES - 1 -> {
                boolean isPartOfHead = (type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) == 0;
                gatheredBefore = gatheredWith;
                gatheredWith = isPartOfHead ? gatheredBefore + length : 0;
                announcedBytes = length;
                bytesToSkip = length;
                length = 0;
                headBytes = 0;
            }
            default -> { } // whichever stream it is for
        }
    }

    /** What has come of a frame, and of a head in several frames, whose end is still to come. */
    int gatheredBytes() {
        boolean isPreface = announcedBytes == 0;
        return bytesToSkip == 0 ? gatheredWith : isPreface ? 0 : gatheredBefore + announcedBytes - bytesToSkip;
    }

    private boolean isAllowed(boolean endsStream, long nowNanos) {
        return switch (type) {
            case HEADERS, CONTINUATION -> true; // requests, and as many bytes as a head may have
            case DATA -> length > 0 || endsStream || idleFrames.allows(nowNanos);
            case RST_STREAM -> resets.allows(nowNanos);
            case WINDOW_UPDATE -> windowUpdates.allows(nowNanos);
            default -> idleFrames.allows(nowNanos);
        };
    }

    /** Bytes were sent, for which the peer may grant room again. */
    void sent(int bytes) {
        windowUpdates.earn((bytes / 1024 + 1) * WINDOW_UPDATES_PER_KIB);
    }
}
