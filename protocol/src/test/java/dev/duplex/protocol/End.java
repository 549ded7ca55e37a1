package dev.duplex.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One engine under test: bytes go in as hex, events and the bytes that came out are kept. */
final class End {
    final WebSocketProtocol protocol;
    final List<Event> events = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<ByteBuffer> rooms = new ArrayList<>();
    long now = 1_000;
    boolean takesPong = true;
    /** The frames that were taken as they are; null to take none. */
    List<byte[]> taken;

    End(Role role) {
        this(role, Limits.defaults(), null);
    }

    End(Role role, Limits limits, PerMessageDeflate deflate) {
        protocol = new WebSocketProtocol(role, limits, deflate, new Output() {
            @Override
            public ByteBuffer room(int bytes) {
                return End.this.room(bytes);
            }

            @Override
            public boolean takes(byte[] frame) {
                if (taken != null) {
                    taken.add(frame);
                }
                return taken != null;
            }

            @Override
            public boolean takesPong() {
                return takesPong;
            }
        });
    }

    static End deflating(Role role, Limits limits, DeflateParameters parameters, DeflateOptions options) {
        return new End(role, limits, PerMessageDeflate.of(role, parameters, options));
    }

    private ByteBuffer room(int bytes) {
        ByteBuffer room = bytes < 1000 ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
        rooms.add(room);
        return room;
    }

    /** Receives bytes in one piece and takes all events. */
    End receive(byte[] bytes) {
        // Large input comes in direct memory, as a carrier has it; small input does not, because many small ones are slow to get.
        ByteBuffer input = bytes.length < 1000 ? ByteBuffer.wrap(bytes) : ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        protocol.receive(input, now);
        return take();
    }

    End receive(String hex) {
        return receive(bytes(hex));
    }

    /** Receives bytes cut into pieces of the given size. */
    End receiveCut(byte[] bytes, int piece) {
        for (int i = 0; i < bytes.length; i += piece) {
            receive(java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
        }
        return this;
    }

    End take() {
        for (Event event = protocol.next(); event != null; event = protocol.next()) {
            events.add(event);
        }
        return this;
    }

    End transportEnds() {
        protocol.transportEnded();
        return take();
    }

    /** What was written since the last call. */
    byte[] output() {
        for (ByteBuffer room : rooms) {
            byte[] filled = new byte[room.position()];
            room.flip().get(filled);
            written.writeBytes(filled);
        }
        rooms.clear();
        byte[] all = written.toByteArray();
        written.reset();
        return all;
    }

    String outputHex() {
        return hex(output());
    }

    /** The code of the Close frame that a server wrote last; -1 if none. */
    int closeCodeWritten() {
        byte[] out = output();
        int i = 0;
        int code = -1;
        while (i < out.length) {
            int length = out[i + 1] & 0x7F;
            int header = FrameHeader.bytes(out[i + 1] & 0xFF);
            if (length == 126) {
                length = (out[i + 2] & 0xFF) << 8 | out[i + 3] & 0xFF;
            }
            if ((out[i] & 0x0F) == Opcode.CLOSE) {
                code = length < 2 ? 1005 : (out[i + header] & 0xFF) << 8 | out[i + header + 1] & 0xFF;
            }
            i += header + length;
        }
        return code;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** A client's frame: masked with a key that is not zero. */
    static byte[] masked(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(payload.length, true) + payload.length);
        FrameHeader.put(frame, first, payload.length, true);
        int key = 0x37fa213d;
        frame.putInt(key);
        byte[] copy = payload.clone();
        Masking.apply(copy, 0, copy.length, key);
        return frame.put(copy).array();
    }

    static byte[] unmasked(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(payload.length, false) + payload.length);
        FrameHeader.put(frame, first, payload.length, false);
        return frame.put(payload).array();
    }

    /** A frame as the other end of {@code receiver} sends it. */
    static byte[] frameTo(Role receiver, int first, byte[] payload) {
        return receiver == Role.SERVER ? masked(first, payload) : unmasked(first, payload);
    }

    static byte[] utf8(String s) {
        return s.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }
}
