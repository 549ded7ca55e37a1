package dev.duplex.fallback;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.protocol.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Packets of Engine.IO: a text that begins with its type, or the bytes of a binary message.
 *
 * <pre>
 *   0 open   1 close   2 ping   3 pong   4 message   5 upgrade   6 noop
 *
 *   in a request or response:  packet 1E packet 1E packet       binary as b and Base64
 * </pre>
 */
final class EnginePackets {
    static final Message CLOSE = Message.text("1");
    static final Message PING = Message.text("2");
    static final Message NOOP = Message.text("6");

    private static final char SEPARATOR = 0x1e;

    /** Packets that a body may hold, as a message its fragments: so many, and one more for so many bytes. */
    static final int MAX_PACKETS = 1024;
    static final int BYTES_PER_PACKET = 32;

    private EnginePackets() {}

    static Message ofMessage(Message message) {
        return message.isText() ? Message.text("4" + message.text()) : message;
    }

    static HttpAnswer answer(Message packet) {
        return answer(List.of(packet));
    }

    static HttpAnswer answer(List<Message> packets) {
        return HttpAnswer.text(200, packets.stream()
                .map(packet -> packet.isText() ? packet.text() : "b" + Base64.getEncoder().encodeToString(packet.bytes()))
                .collect(Collectors.joining(String.valueOf(SEPARATOR))));
    }

    /**
     * Hands over the packets of a request's body one after the other.
     *
     * @return false, and nothing is handed over, if it is not UTF-8, or one of them is none, or there are too many
     */
    static boolean read(byte[] body, Consumer<Message> taker) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            return false;
        }
        long packets = text.chars().filter(c -> c == SEPARATOR).count() + 1;
        return packets <= MAX_PACKETS + body.length / BYTES_PER_PACKET && split(text, packet -> { }) && split(text, taker);
    }

    private static boolean split(String text, Consumer<Message> taker) {
        int start = 0;
        while (start <= text.length()) {
            int separator = text.indexOf(SEPARATOR, start);
            int end = separator < 0 ? text.length() : separator;
            Optional<Message> packet = packet(text.substring(start, end));
            if (packet.isEmpty()) {
                return false;
            }
            taker.accept(packet.get());
            start = end + 1;
        }
        return true;
    }

    private static Optional<Message> packet(String text) {
        if (text.startsWith("b")) {
            try {
                return Optional.of(Message.binary(Base64.getDecoder().decode(text.substring(1))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        boolean isKnown = !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '6';
        return isKnown ? Optional.of(Message.text(text)) : Optional.empty();
    }
}
