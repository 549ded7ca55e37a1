package dev.duplex.protocol;

import java.nio.ByteBuffer;

/** Writes frames into the carrier's memory, masked if this end is a client. */
final class FrameWriter {
    /** A carrier need never find more room than this at once, however large the message. */
    static final int MAX_ROOM_BYTES = 64 * 1024;

    private final Output output;
    private final MaskKeys keys;
    private WireTap tap;

    FrameWriter(Role role, Output output) {
        this.output = output;
        this.keys = role == Role.CLIENT ? new MaskKeys() : null;
    }

    void tap(WireTap newTap) {
        tap = newTap;
    }

    WireTap tap() {
        return tap;
    }

    boolean takesPong() {
        return output.takesPong();
    }

    /** Writes one frame. */
    void write(int opcode, boolean isFinal, boolean isCompressed, byte[] payload, int offset, int length) {
        int first = (isFinal ? FrameHeader.FIN : 0) | (isCompressed ? FrameHeader.RSV1 : 0) | opcode;
        boolean isMasked = keys != null;
        if (tap != null) {
            tap.frame(WireTap.Direction.OUT, opcode, isFinal, isCompressed, isMasked, length);
        }
        int headerBytes = FrameHeader.bytes(length, isMasked);
        int inFirstRoom = Math.min(length, MAX_ROOM_BYTES - headerBytes);
        ByteBuffer room = output.room(headerBytes + inFirstRoom);
        FrameHeader.put(room, first, length, isMasked);
        if (isMasked) {
            writeMasked(room, payload, offset, length, inFirstRoom);
            return;
        }
        room.put(payload, offset, inFirstRoom);
        for (int done = inFirstRoom; done < length; ) {
            int piece = Math.min(length - done, MAX_ROOM_BYTES);
            output.room(piece).put(payload, offset + done, piece);
            done += piece;
        }
    }

    private void writeMasked(ByteBuffer firstRoom, byte[] payload, int offset, int length, int inFirstRoom) {
        int key = keys.next();
        firstRoom.putInt(key);
        Masking.copy(payload, offset, inFirstRoom, key, firstRoom);
        for (int done = inFirstRoom; done < length; ) {
            int piece = Math.min(length - done, MAX_ROOM_BYTES);
            Masking.copy(payload, offset + done, piece, Masking.advance(key, done), output.room(piece));
            done += piece;
        }
    }

    /** Writes the one frame of a whole message that was made before for many connections; servers only. */
    void write(byte[] frame) {
        if (tap != null) {
            tap.frame(WireTap.Direction.OUT, frame[0] & 0x0F, true, (frame[0] & FrameHeader.RSV1) != 0, false,
                    frame.length - FrameHeader.bytes(frame[1] & 0xFF));
        }
        if (output.takes(frame)) {
            return;
        }
        for (int done = 0; done < frame.length; ) {
            int piece = Math.min(frame.length - done, MAX_ROOM_BYTES);
            output.room(piece).put(frame, done, piece);
            done += piece;
        }
    }
}
