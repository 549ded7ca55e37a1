package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;

/** One connection that echoes by the book, but for the fault that is planted in it. Nothing of the checker is used. */
final class EchoEngine {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final boolean client;
    private final Fault fault;
    private final EchoDeflate deflate;
    private final Random random = new Random();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private EchoUtf8 utf8;
    private int opcode = -1;
    private boolean compressed;
    private boolean closed;

    /** @param deflate {@code null} when no compression was agreed */
    EchoEngine(Socket socket, DataInputStream in, boolean client, Fault fault, EchoDeflate deflate) throws IOException {
        this.socket = socket;
        this.in = in;
        this.out = socket.getOutputStream();
        this.client = client;
        this.fault = fault;
        this.deflate = deflate;
    }

    /** A rule that the peer broke. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Broken(int code) {
            this.code = code;
        }
    }

    void run() throws IOException, InterruptedException {
        try {
            while (!closed) {
                frame();
            }
            end();
        } catch (Broken e) {
            if (fault == Fault.DROPS_WITHOUT_CLOSE) {
                socket.setSoLinger(true, 0);
                return;
            }
            close(e.code == 1007 && fault == Fault.UTF8_FAILS_WITH_1002 ? 1002 : e.code);
            end();
        } catch (EOFException e) {
            if (fault == Fault.HALF_CLOSE_IGNORED) {
                Thread.sleep(3000);
            }
        }
    }

    /** Ends TCP so that the Close arrives: half-close, drain, close. A client leaves that to the server. */
    private void end() throws IOException, InterruptedException {
        if (fault == Fault.TCP_LEFT_OPEN) {
            Thread.sleep(3000);
        }
        if (fault == Fault.TCP_RESET_AFTER_CLOSE) {
            Thread.sleep(50);
            socket.setSoLinger(true, 0);
            return;
        }
        if (fault == Fault.ECHOES_AFTER_CLOSE) {
            frameOrNothing();
        }
        if (!client) {
            socket.shutdownOutput();
        }
        socket.setSoTimeout(fault == Fault.NONE ? 30_000 : 1000);
        while (in.read() >= 0) {
            // Dropped: it came after the Close.
        }
    }

    private void frameOrNothing() throws IOException {
        try {
            socket.setSoTimeout(200);
            frame();
        } catch (Broken | EOFException | java.net.SocketTimeoutException e) {
            // Nothing more to echo.
        }
    }

    private void frame() throws IOException, Broken {
        int b0 = in.readUnsignedByte();
        int b1 = in.readUnsignedByte();
        boolean fin = b0 >= 0x80;
        int rsv = b0 >> 4 & 7;
        int op = b0 & 15;
        boolean masked = b1 >= 0x80;
        header(fin, rsv, op, b1 & 127);
        require(masked != client || fault == (client ? Fault.CLIENT_ACCEPTS_MASKED : Fault.UNMASKED_ACCEPTED), 1002);
        long length = length(b1 & 127);
        require(length <= MAX_MESSAGE_BYTES - message.size(), 1009);
        byte[] key = new byte[4];
        if (masked) {
            in.readFully(key);
        }
        begin(op, rsv);
        byte[] payload = payload((int) length, key, op < 8 && opcode == 1 && !compressed);
        if (op >= 8) {
            control(op, payload, fin);
        } else {
            data(op, fin, payload);
        }
    }

    private static void require(boolean kept, int code) throws Broken {
        if (!kept) {
            throw new Broken(code);
        }
    }

    private void header(boolean fin, int rsv, int op, int seven) throws Broken {
        boolean mayCompress = deflate != null && (op == 1 || op == 2 || op == 0 && fault == Fault.RSV1_ON_CONTINUATION_ACCEPTED);
        require((rsv & (mayCompress ? 3 : 7)) == 0 || fault == Fault.RSV_IGNORED, 1002);
        require(op <= 2 || op >= 8 || fault == Fault.RESERVED_OPCODES_IGNORED, 1002);
        require(op <= 10 || fault == Fault.RESERVED_CONTROL_OPCODES_IGNORED, 1002);
        require(op < 8 || fin || fault == Fault.FRAGMENTED_PING_ACCEPTED, 1002);
        require(op < 8 || seven < 126 || fault == Fault.LONG_PING_ACCEPTED && op == 9 || fault == Fault.LONG_CLOSE_ACCEPTED && op == 8, 1002);
        boolean continues = op == 0 && opcode >= 0;
        boolean begins = (op == 1 || op == 2) && opcode < 0;
        require(op > 2 || continues || begins || op == 0 && fault == Fault.ORPHAN_CONTINUATION_ACCEPTED
                || op != 0 && fault == Fault.MESSAGE_INSIDE_MESSAGE_ACCEPTED || op == 0 && fault == Fault.FRAGMENTED_PING_ACCEPTED, 1002);
    }

    private long length(int seven) throws IOException, Broken {
        if (seven < 126) {
            return seven;
        }
        long length = seven == 126 ? in.readUnsignedShort() : in.readLong();
        if (fault == Fault.LENGTH_16_SIGNED && seven == 126) {
            length = (short) length;
        }
        if (fault == Fault.HIGH_LENGTH_BIT_IGNORED) {
            length &= 0xffffL;
        }
        require(length >= 0, 1002);
        require(length > (seven == 126 ? 125 : 65535) || fault == Fault.NON_MINIMAL_ACCEPTED || fault == Fault.HIGH_LENGTH_BIT_IGNORED, 1002);
        return length;
    }

    private void begin(int op, int rsv) {
        if (op == 1 || op == 2) {
            opcode = op;
            message.reset();
            compressed = deflate != null && rsv == 4;
            utf8 = new EchoUtf8(fault);
        }
    }

    /** Text is checked as it arrives, part by part. */
    private byte[] payload(int length, byte[] key, boolean text) throws IOException, Broken {
        byte[] payload = new byte[length];
        int at = 0;
        while (at < length) {
            int n = in.read(payload, at, length - at);
            if (n < 0) {
                throw new EOFException();
            }
            for (int i = at; i < at + n; i++) {
                payload[i] ^= key[(fault == Fault.MASK_OFFSET_LOST_IN_PARTS ? i - at : i) & 3];
            }
            if (text && fault != Fault.UTF8_CHECKED_AT_THE_END && fault != Fault.UTF8_CHECKED_FRAME_BY_FRAME) {
                require(utf8.accepts(payload, at, n), 1007);
            }
            at += n;
        }
        if (text && fault == Fault.UTF8_CHECKED_FRAME_BY_FRAME) {
            require(utf8.accepts(payload, 0, length), 1007);
        }
        return payload;
    }

    private void data(int op, boolean fin, byte[] payload) throws IOException, Broken {
        if (op > 2) {
            return;
        }
        if (fault == Fault.LAST_FRAGMENT_ONLY) {
            message.reset();
        }
        message.writeBytes(payload);
        if (!fin) {
            return;
        }
        byte[] whole = compressed ? deflate.inflate(message.toByteArray(), MAX_MESSAGE_BYTES) : message.toByteArray();
        int echoed = opcode < 0 ? 1 : opcode;
        EchoUtf8 check = compressed || fault == Fault.UTF8_CHECKED_AT_THE_END ? new EchoUtf8(fault) : utf8;
        boolean unchecked = check != utf8;
        if (echoed == 1 && check != null) {
            require((!unchecked || check.accepts(whole, 0, whole.length)) && check.complete(), 1007);
        }
        opcode = -1;
        message.reset();
        echo(echoed, whole);
    }

    private void echo(int op, byte[] whole) throws IOException, Broken {
        if (whole.length == 0 && fault == Fault.EMPTY_MESSAGES_LOST || fault == Fault.GOOD_MESSAGE_BEFORE_FAULT_LOST && in.available() > 0) {
            return;
        }
        boolean compress = deflate != null;
        int first = 0x80 | (compress ? 0x40 : 0) | (fault == Fault.BINARY_ECHOED_AS_TEXT ? 1 : op);
        send(first, compress ? deflate.deflate(whole) : whole);
        if (fault == Fault.ECHOES_TWICE) {
            send(first, compress ? deflate.deflate(whole) : whole);
        }
    }

    private void control(int op, byte[] payload, boolean fin) throws IOException, Broken {
        switch (op) {
            case 8 -> {
                int code = closeCode(payload);
                if (fault != Fault.CLOSE_NOT_ANSWERED) {
                    close(fault == Fault.CLOSE_WITH_ANOTHER_CODE ? 1001 : code);
                }
                closed = true;
            }
            case 9 -> {
                if (fault == Fault.PING_ENDS_MESSAGE) {
                    message.reset();
                }
                if (fault != Fault.NO_PONG) {
                    send(0x8a, fault == Fault.PONG_WITHOUT_PAYLOAD ? new byte[0] : Arrays.copyOf(payload, Math.min(payload.length, 125)));
                }
            }
            case 10 -> {
                if (fault == Fault.ANSWERS_PONGS) {
                    send(0x8a, payload);
                }
            }
            default -> { }
        }
    }

    /** The code to answer with; 1005 for none. */
    private int closeCode(byte[] payload) throws Broken {
        require(payload.length != 1 || fault == Fault.ONE_BYTE_CLOSE_ACCEPTED, 1002);
        if (payload.length < 2) {
            return 1005;
        }
        int code = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        boolean valid = code >= 1000 && code < 1004 || code > 1006 && code < 1015 || code >= 3000 && code < 5000;
        require(valid || fault == Fault.CLOSE_CODES_UNCHECKED, 1002);
        require(code != 3000 || fault != Fault.CLOSE_3000_REFUSED, 1002);
        EchoUtf8 reason = new EchoUtf8(Fault.NONE);
        require(reason.accepts(payload, 2, payload.length - 2) && reason.complete() || fault == Fault.CLOSE_REASON_UNCHECKED, 1007);
        return code;
    }

    private void close(int code) throws IOException {
        send(0x88, code == 1005 ? new byte[0] : new byte[] {(byte) (code >> 8), (byte) code});
    }

    private void send(int first, byte[] payload) throws IOException {
        boolean mask = client ? fault != Fault.CLIENT_DOES_NOT_MASK : fault == Fault.SERVER_MASKS;
        int maskBit = mask ? 0x80 : 0;
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
        frame.write(first);
        if (payload.length < 126 && fault != Fault.LENGTH_NOT_MINIMAL) {
            frame.write(maskBit | payload.length);
        } else if (payload.length < 65536) {
            frame.writeBytes(new byte[] {(byte) (maskBit | 126), (byte) (payload.length >> 8), (byte) payload.length});
        } else {
            frame.writeBytes(new byte[] {(byte) (maskBit | 127), 0, 0, 0, 0});
            frame.writeBytes(new byte[] {(byte) (payload.length >> 24), (byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length});
        }
        byte[] key = {1, 2, 3, 4};
        if (mask && fault != Fault.CLIENT_MASKS_WITH_ONE_KEY) {
            random.nextBytes(key);
        }
        frame.writeBytes(mask ? key : new byte[0]);
        for (int i = 0; i < payload.length; i++) {
            frame.write(mask ? payload[i] ^ key[i & 3] : payload[i]);
        }
        out.write(frame.toByteArray());
    }
}
