package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;

/**
 * Joins the payloads of data frames to messages, inflated and checked as they arrive (RFC 6455 §5.4, RFC 7692 §6).
 *
 * <p>Fragments are joined at once, so memory follows bytes and never their number; room for an announced length is made only
 * as it arrives, at most fourfold ahead, unless it is there from an earlier message. What is inflated has no announced length: it is held in pieces, and joined when it is whole,
 * so that a bomb never takes more than the limit and one piece.
 */
final class MessageAssembler {
    /** Compressed bytes read, and part bytes handed over, at once: inflation is bounded between two such steps. */
    private static final int STEP_BYTES = 16 * 1024;

    /** The most that is reserved at once for what is inflated. */
    private static final int PIECE_BYTES = 64 * 1024;

    /** So many times what has come is taken at once if it is there: a message of 1 MiB begins with a read of 64 KiB. */
    private static final long REUSED_AHEAD = 32;

    private final Limits limits;
    private final PerMessageDeflate deflate;
    /** Null until a text comes in several pieces. */
    private Utf8Validator utf8;

    private boolean isInMessage;
    private boolean isText;
    private boolean isCompressed;
    private long wireBytes;
    private int fragments;
    private boolean isInflating;

    /** Null if what is handed over is never given back. */
    private LargeArrays arrays;
    private byte[] held;
    private int size;
    /** Full pieces before {@link #held}, and how much they have together; null while it is the only one. */
    private List<byte[]> pieces;
    private int piecesBytes;
    private Violation violation;

    MessageAssembler(Limits limits, PerMessageDeflate deflate) {
        this.limits = limits;
        this.deflate = deflate;
    }

    /** Takes the arrays of large messages from there, where there are any. */
    void reuse(LargeArrays spare) {
        arrays = spare;
    }

    /** Whether a message has begun and its final frame has not. */
    boolean isInMessage() {
        return isInMessage;
    }

    /** What was wrong in the last frame, or null. */
    Violation violation() {
        return violation;
    }

    /** A data frame begins: counts it, and refuses what is too much by its header alone. */
    Violation beginFrame(FrameReader frame, boolean isHeldWhole) {
        if (!isInMessage) {
            isText = frame.opcode() == Opcode.TEXT;
            isCompressed = frame.isCompressed();
            fragments = 0;
            wireBytes = 0;
            size = 0;
        }
        isInMessage = !frame.isFinal();
        fragments++;
        if (fragments > limits.maxFragments() + wireBytes / limits.bytesPerFragment()) {
            return Violation.TOO_MANY_FRAGMENTS;
        }
        return isHeldWhole && frame.payloadBytes() > mayStillCome() ? Violation.MESSAGE_TOO_BIG : null;
    }

    /** Compressed data may be a little longer than what it holds: stored blocks, and empty ones. */
    private long mayStillCome() {
        long max = limits.maxMessageBytes();
        return isCompressed ? max + (max >> 3) + 1024 - wireBytes : max - size;
    }

    /** Reads what is there of a frame; a message if it ended, else null. */
    Message readWhole(FrameReader frame, ByteBuffer in) {
        if (isCompressed) {
            return readCompressed(frame, in);
        }
        int available = frame.available(in);
        wireBytes += available;
        if (size == 0 && frame.isFinal() && available == frame.remaining()) {
            byte[] bytes = new byte[available];
            frame.readPayload(in, bytes, 0, available);
            frame.endFrame();
            if (!isText) {
                return new Binary(bytes, true);
            }
            // No validator state can be pending: nothing of this message came before.
            return Utf8Validator.isValid(bytes) ? new Text(bytes, true) : violated(Violation.TEXT_NOT_UTF8);
        }
        makeRoom(size + available, size + frame.remaining(), frame.isFinal());
        frame.readPayload(in, held, size, available);
        if (!grow(available)) {
            return null;
        }
        return frame.remaining() == 0 ? endFrame(frame) : null;
    }

    private Message readCompressed(FrameReader frame, ByteBuffer in) {
        int step = Math.min(frame.available(in), STEP_BYTES);
        byte[] compressed = new byte[step];
        frame.readPayload(in, compressed, 0, step);
        wireBytes += step;
        deflate.feed(compressed, 0, step, frame.remaining() == 0 && frame.isFinal());
        try {
            int got;
            do {
                makeInflatingRoom(step);
                got = deflate.inflate(held, size - piecesBytes, held.length - (size - piecesBytes));
                if (!grow(got)) {
                    return null;
                }
            } while (got > 0);
        } catch (DataFormatException e) {
            return violated(Violation.DEFLATE_DATA_INVALID);
        }
        return frame.remaining() == 0 ? endFrame(frame) : null;
    }

    /** Counts in what was written behind {@link #size}; false if it breaks a rule. */
    private boolean grow(int bytes) {
        int at = size - piecesBytes;
        if (isText && !utf8().accepts(held, at, at + bytes)) {
            violated(Violation.TEXT_NOT_UTF8);
            return false;
        }
        size += bytes;
        if (size > limits.maxMessageBytes()) {
            violated(Violation.MESSAGE_TOO_BIG);
            return false;
        }
        return true;
    }

    private Utf8Validator utf8() {
        utf8 = utf8 != null ? utf8 : new Utf8Validator();
        return utf8;
    }

    private Message endFrame(FrameReader frame) {
        frame.endFrame();
        if (!frame.isFinal()) {
            return null;
        }
        if (isText && !utf8().isComplete()) {
            return violated(Violation.TEXT_NOT_UTF8);
        }
        byte[] bytes = pieces != null ? joined() : held.length == size ? held : Arrays.copyOf(held, size);
        release();
        return isText ? new Text(bytes, true) : new Binary(bytes, true);
    }

    /** Sees to it that something fits behind what is inflated: a guess from {@code step} compressed bytes at first, then as much again. */
    private void makeInflatingRoom(int step) {
        // One byte beyond the limit is room enough to see that it is passed.
        long most = limits.maxMessageBytes() + 1L - size;
        int guessed = 4 * Math.max(step, 64);
        if (held == null) {
            held = new byte[(int) Math.min(most, guessed)];
        } else if (size - piecesBytes == held.length) {
            pieces = pieces != null ? pieces : new ArrayList<>();
            pieces.add(held);
            piecesBytes = size;
            held = new byte[(int) Math.min(most, Math.clamp(size, guessed, PIECE_BYTES))];
        }
    }

    private byte[] joined() {
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(held, 0, all, at, size - at);
        return all;
    }

    /**
     * Sees to it that {@code needed} bytes fit.
     *
     * @param announced how many the frame will fill if it keeps its word; room for it is made as it does, sooner if it is there already
     */
    private void makeRoom(int needed, long announced, boolean isFinal) {
        if (held != null && held.length >= needed) {
            return;
        }
        byte[] used = arrays != null && isFinal && announced <= REUSED_AHEAD * needed ? arrays.take(announced) : null;
        if (used != null) {
            System.arraycopy(held != null ? held : used, 0, used, 0, size);
            held = used;
        } else if (held == null) {
            held = new byte[(int) Math.min(announced, Math.max(4L * needed, 64))];
        } else {
            long ahead = Math.min(announced, 4L * needed);
            long doubled = isFinal ? 0 : Math.min(limits.maxMessageBytes() + 1L, 2L * held.length);
            held = Arrays.copyOf(held, (int) Math.max(needed, Math.max(ahead, doubled)));
        }
    }

    /** Reads what is there of a frame and hands it over as a part; null if there is nothing to hand over yet. */
    Part readPart(FrameReader frame, ByteBuffer in) {
        int step = Math.min(frame.available(in), STEP_BYTES);
        byte[] bytes = new byte[step];
        frame.readPayload(in, bytes, 0, step);
        wireBytes += step;
        boolean isAll = frame.remaining() == 0;
        if (isCompressed) {
            deflate.feed(bytes, 0, step, isAll && frame.isFinal());
            isInflating = true;
            return inflatePart(frame);
        }
        if (isAll) {
            frame.endFrame();
        }
        return part(bytes, step, isAll && frame.isFinal());
    }

    /** Whether a part that was fed has more to give, without more input. */
    boolean isInflating() {
        return isInflating;
    }

    /** The next part of compressed data that is already fed. */
    Part inflatePart(FrameReader frame) {
        byte[] bytes = new byte[STEP_BYTES];
        int got;
        try {
            got = deflate.inflate(bytes, 0, bytes.length);
        } catch (DataFormatException e) {
            violated(Violation.DEFLATE_DATA_INVALID);
            return null;
        }
        isInflating = got > 0;
        boolean isAll = !isInflating && frame.remaining() == 0;
        if (isAll) {
            frame.endFrame();
        }
        return part(bytes, got, isAll && frame.isFinal());
    }

    /** A text's part never ends inside a character: its first bytes wait in {@link #held} for the next part. */
    private Part part(byte[] bytes, int length, boolean isLast) {
        byte[] whole = bytes;
        int from = size;
        if (size > 0) {
            whole = Arrays.copyOf(held, size + length);
            System.arraycopy(bytes, 0, whole, size, length);
        }
        int end = from + length;
        if (isText && (!utf8().accepts(whole, from, end) || isLast && !utf8().isComplete())) {
            violated(Violation.TEXT_NOT_UTF8);
            return null;
        }
        size = isText ? utf8().unfinishedBytes() : 0;
        int ready = end - size;
        held = Arrays.copyOfRange(whole, ready, end);
        if (ready == 0 && !isLast) {
            return null;
        }
        return new Part(isText, ready == whole.length ? whole : Arrays.copyOf(whole, ready), isLast);
    }

    /** Twice what is reserved for the unfinished message, which is copied when it grows and when it ends. */
    long heldBytes() {
        return held == null ? 0 : 2L * (piecesBytes + held.length);
    }

    /** Lets go of what a message that will never end has filled. */
    void release() {
        held = null;
        pieces = null;
        piecesBytes = 0;
        size = 0;
        isInflating = false;
    }

    private Message violated(Violation what) {
        violation = what;
        return null;
    }
}
