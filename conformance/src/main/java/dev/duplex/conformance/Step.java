package dev.duplex.conformance;

import java.time.Duration;

/** One thing that the checker does in a case. */
sealed interface Step {

    /**
     * Sends a message or a frame.
     *
     * @param fragmentBytes the payload is cut into fragments of this size; 0 for one frame
     */
    record Send(int opcode, boolean fin, int rsv, Content payload, int fragmentBytes, boolean compressed, Form form, Cut cut) implements Step {}

    /** Sends the header of a frame whose payload follows in {@link Part}s. */
    record Head(int opcode, boolean fin, long announcedBytes, Form form) implements Step {}

    /** Sends a piece of the payload that a {@link Head} announced. */
    record Part(Content payload, Cut cut) implements Step {}

    /** Sends bytes that need not be a frame. */
    record Raw(Content bytes) implements Step {}

    /** Waits; a marked wait leaves an event when the connection is still open at its end. */
    record Wait(Duration time, boolean marked) implements Step {}

    /** Sends messages one after another, the next only after the echo of the last. */
    record Rounds(int opcode, Content payload, String data, int size, int fragmentBytes, boolean compressed) implements Step {}

    /** Sends a small message that inflates to so many MiB of zeros. */
    record Bomb(int mebibytes, int fragmentBytes) implements Step {}

    /** Does one step many times. */
    record Repeat(int times, Step step) implements Step {}

    /** What is done with the socket itself, or with the checker's manners. */
    enum Act implements Step {
        /** Ends the sending direction of TCP (FIN). */
        FIN,
        /** Tears the TCP connection down (RST). */
        RST,
        /** Waits until the peer has sent something. */
        AWAIT,
        /** From here on answers neither Close nor Ping. */
        MUTE,
        /** From here on does not read, until the script ends. */
        DEAF
    }

    /** How the header is written: what a right sender does, or one thing wrong. */
    record Form(Masking masking, int lengthBytes) {
        static final Form RIGHT = new Form(Masking.BY_ROLE, 0);
    }

    /** Who masks: by role, or against it. */
    enum Masking { BY_ROLE, NEVER, ALWAYS, ZERO_KEY }

    /**
     * How the octets are cut into TCP writes.
     *
     * @param bytes the size of each write; 0 for as few writes as possible
     * @param own whether the step is written at once, apart from its neighbours
     */
    record Cut(int bytes, boolean own) {
        static final Cut NONE = new Cut(0, false);
    }
}
