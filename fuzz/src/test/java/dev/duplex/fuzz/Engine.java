package dev.duplex.fuzz;

import dev.duplex.protocol.Event;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An engine that is fed any cut of some input and tells what came of it in words that can be compared. */
final class Engine {
    /** A compressor, a decompressor and its window. */
    private static final long ZLIB_BYTES = (256 + 40 + 40) * 1024;

    final WebSocketProtocol protocol;
    final List<Event> events = new ArrayList<>();
    private final long mostHeld;
    private final List<ByteBuffer> rooms = new ArrayList<>();

    Engine(Role role, Limits limits, PerMessageDeflate deflate) {
        protocol = new WebSocketProtocol(role, limits, deflate, this::room);
        mostHeld = 2L * (limits.maxMessageBytes() + 1) + (deflate == null ? 0 : ZLIB_BYTES);
    }

    private ByteBuffer room(int bytes) {
        ByteBuffer room = ByteBuffer.allocate(bytes);
        rooms.add(room);
        return room;
    }

    Engine receive(byte[] bytes) {
        protocol.receive(ByteBuffer.wrap(bytes), 0);
        return take();
    }

    /** Feeds the input in pieces whose sizes repeat as given. */
    Engine receiveCut(byte[] bytes, int... sizes) {
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int end = Math.min(bytes.length, at + Math.max(1, sizes[i % sizes.length]));
            receive(Arrays.copyOfRange(bytes, at, end));
            at = end;
            if (protocol.heldBytes() > mostHeld) {
                throw new AssertionError(protocol.heldBytes() + " bytes are held after " + at);
            }
        }
        return this;
    }

    Engine end() {
        protocol.transportEnded();
        return take();
    }

    private Engine take() {
        for (Event event = protocol.next(); event != null; event = protocol.next()) {
            events.add(event);
        }
        return this;
    }

    byte[] output() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        rooms.forEach(room -> all.write(room.array(), 0, room.position()));
        rooms.clear();
        return all.toByteArray();
    }

    /** Everything but where parts were cut, which has no meaning. */
    List<String> story() {
        List<String> story = new ArrayList<>();
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (Event event : events) {
            switch (event) {
                case Message message -> story.add((message.isText() ? "text " : "binary ") + Arrays.toString(message.bytes()));
                case Part part -> {
                    parts.writeBytes(part.bytes());
                    if (part.isLast()) {
                        story.add((part.isText() ? "text " : "binary ") + Arrays.toString(parts.toByteArray()));
                        parts.reset();
                    }
                }
                case Event.Ping ping -> story.add("ping " + Arrays.toString(ping.payload()));
                case Event.Pong pong -> story.add("pong " + Arrays.toString(pong.payload()));
                case Event.Closed closed -> story.add(closed.reason().toString());
            }
        }
        return story;
    }
}
