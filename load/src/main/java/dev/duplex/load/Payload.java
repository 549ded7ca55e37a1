package dev.duplex.load;

import dev.duplex.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * What each message of a load holds; the same bytes for the same size, on every machine.
 *
 * @param message the message itself
 */
public record Payload(Message message) {

    /** ASCII text: JSON records with names and numbers, cut at the size. */
    public static Payload text(int bytes) {
        Random random = new Random(6455);
        StringBuilder text = new StringBuilder(bytes + 100);
        text.append('[');
        for (int id = 1; text.length() < bytes; id++) {
            text.append("{\"id\":").append(id)
                    .append(",\"symbol\":\"").append((char) ('A' + random.nextInt(26))).append((char) ('A' + random.nextInt(26)))
                    .append("\",\"price\":").append(random.nextInt(100_000) / 100.0)
                    .append(",\"volume\":").append(random.nextInt(10_000)).append("},");
        }
        text.setLength(bytes);
        return new Payload(Message.text(text.toString()));
    }

    /** Bytes without any pattern. */
    public static Payload binary(int bytes) {
        byte[] random = new byte[bytes];
        new Random(6455).nextBytes(random);
        return new Payload(Message.binary(random));
    }

    int bytes() {
        return message.byteLength();
    }

    /** The first characters, for people. */
    @Override
    public String toString() {
        return message.isText() ? new String(message.bytes(), 0, Math.min(40, bytes()), StandardCharsets.US_ASCII) : message.toString();
    }
}
