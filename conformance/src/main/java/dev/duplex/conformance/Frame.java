package dev.duplex.conformance;

/** One frame as it stands on the wire, right or wrong (RFC 6455 §5.2). */
record Frame(boolean fin, int rsv, int opcode, byte[] payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final String[] NAMES = {"CONT", "TEXT", "BIN", "OP3", "OP4", "OP5", "OP6", "OP7", "CLOSE", "PING", "PONG", "OP11", "OP12", "OP13", "OP14", "OP15"};

    static String name(int opcode) {
        return NAMES[opcode];
    }

    static int opcode(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    static boolean isControl(int opcode) {
        return opcode >= 8;
    }

    @Override
    public String toString() {
        return name(opcode) + (fin ? "" : " FIN=0") + (rsv == 0 ? "" : " RSV=" + rsv) + " " + Content.show(payload);
    }
}
