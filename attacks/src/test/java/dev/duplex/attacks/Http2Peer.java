package dev.duplex.attacks;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/2 that sends exactly the frames that a test tells it to. */
final class Http2Peer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int PROTOCOL_ERROR = 1;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int COMPRESSION_ERROR = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    private final RawSocket raw;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    /** What the server sent. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** The error of a RST_STREAM, or of a GOAWAY. */
        int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** Begins with the preface and some settings. */
    Http2Peer(RawSocket raw, byte[] settings) throws IOException {
        this.raw = raw;
        in = new DataInputStream(raw.socket().getInputStream());
        raw.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, settings);
    }

    /** One setting and its value. */
    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Fields as HPACK has them without any table: literal, not indexed. */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            block.write(namesAndValues[i].length());
            block.writeBytes(namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1));
        }
        return block.toByteArray();
    }

    /** A right extended CONNECT. */
    static byte[] connect(String path) {
        return fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", path, ":authority", "localhost",
                "sec-websocket-version", "13");
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16)).putShort((short) payload.length)
                .put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    Http2Peer send(int type, int flags, int stream, byte[] payload) throws IOException {
        raw.say(frame(type, flags, stream, payload));
        return this;
    }

    /** Sends while the server takes it: one that has said good-bye need not. */
    void flood(byte[] frames) throws IOException {
        try {
            raw.say(frames);
        } catch (SocketException theServerHasHadEnough) {
            return;
        }
    }

    /** The next frame; null at the end. */
    Frame read() throws IOException {
        try {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[head >>> 8];
            in.readFully(payload);
            return new Frame(head & 0xff, flags, stream, payload);
        } catch (EOFException | SocketException end) {
            return null;
        }
    }

    /** The next frame of a type, whatever comes before it; null at the end. */
    Frame await(int type) throws IOException {
        Frame frame = read();
        while (frame != null && frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** The next frame of one of two types on a stream; null at the end. */
    Frame awaitOn(int stream, int type, int orType) throws IOException {
        Frame frame = read();
        while (frame != null && (frame.stream() != stream || frame.type() != type && frame.type() != orType)) {
            frame = read();
        }
        return frame;
    }

    /** The error of the GOAWAY that comes, after which comes the end; -1 if the end comes without one. */
    int goAway() throws IOException {
        Frame frame = await(GOAWAY);
        int error = frame == null ? -1 : frame.error();
        while (frame != null) {
            frame = read();
        }
        return error;
    }

    /** The status of an answer. */
    int status(Frame head) throws IOException {
        try {
            return Integer.parseInt(hpack.decodeHeaders(head.stream(), Unpooled.wrappedBuffer(head.payload())).status().toString());
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
