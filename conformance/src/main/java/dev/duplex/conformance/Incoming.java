package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Joins the peer's frames into events and judges their order (RFC 6455 §5.4, §5.5; RFC 7692 §6). */
final class Incoming {
    private final Inflate inflate;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private int opcode = -1;
    private boolean compressed;
    private boolean closed;

    /** @param inflate undoes the compression; {@code null} when none was agreed */
    Incoming(Inflate inflate) {
        this.inflate = inflate;
    }

    List<Event> frame(Frame frame) throws FrameFault, BadDeflate {
        if (closed) {
            if (Frame.isControl(frame.opcode())) {
                return List.of(new Event.Blemish("another " + Frame.name(frame.opcode()) + " after its Close (RFC 6455 §5.5.1)"));
            }
            throw new FrameFault(Frame.name(frame.opcode()) + " after its Close (RFC 6455 §5.5.1)");
        }
        int allowed = inflate != null && (frame.opcode() == Frame.TEXT || frame.opcode() == Frame.BINARY) ? 4 : 0;
        if ((frame.rsv() & ~allowed) != 0) {
            throw new FrameFault(Frame.name(frame.opcode()) + " with RSV=" + frame.rsv() + ", which nothing agreed allows (RFC 6455 §5.2)");
        }
        return switch (frame.opcode()) {
            case Frame.PING -> List.of(new Event.Ping(frame.payload()));
            case Frame.PONG -> List.of(new Event.Pong(frame.payload()));
            case Frame.CLOSE -> List.of(close(frame.payload()));
            default -> data(frame);
        };
    }

    private Event close(byte[] payload) throws FrameFault {
        closed = true;
        if (payload.length == 0) {
            return new Event.Close(1005, "");
        }
        if (payload.length == 1) {
            throw new FrameFault("a Close with a payload of one byte (RFC 6455 §5.5.1)");
        }
        int code = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        if (code < 1000 || code >= 1004 && code <= 1006 || code >= 1015 && code < 3000 || code >= 5000) {
            throw new FrameFault("a Close with the code " + code + ", which must not be sent (RFC 6455 §7.4)");
        }
        try {
            String reason = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 2, payload.length - 2)).toString();
            return new Event.Close(code, reason);
        } catch (CharacterCodingException e) {
            throw new FrameFault("a Close whose reason is not UTF-8 (RFC 6455 §5.5.1)");
        }
    }

    private List<Event> data(Frame frame) throws FrameFault, BadDeflate {
        boolean first = frame.opcode() != Frame.CONTINUATION;
        if (first != opcode < 0) {
            throw new FrameFault(first ? "a new message inside a fragmented one (RFC 6455 §5.4)" : "a continuation of nothing (RFC 6455 §5.4)");
        }
        if (first) {
            opcode = frame.opcode();
            compressed = frame.rsv() == 4;
        }
        if (!frame.fin() || message.size() > 0) {
            message.writeBytes(frame.payload());
        }
        if (!frame.fin()) {
            return new ArrayList<>();
        }
        byte[] payload = message.size() > 0 ? message.toByteArray() : frame.payload();
        Event event = new Event.Message(opcode, compressed ? inflate.message(payload) : payload);
        message.reset();
        opcode = -1;
        return List.of(event);
    }
}
