package dev.duplex.lab;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/**
 * One message of a feed: its number and its time at fixed places, then text that compresses as JSON usually does.
 *
 * <pre>
 *   {"seq":1000000042,"sent":1767225600123456789,"data":"AK 512.03 QX 77.19 …"}
 * </pre>
 *
 * @param sequence counts from 0
 * @param sentNanos when it was published, in nanoseconds since 1970
 */
record FeedMessage(int sequence, long sentNanos) {
    static final int SMALLEST_BYTES = 64;

    /** Keeps the number ten digits long, so that every message is JSON. */
    private static final long FIRST = 1_000_000_000L;

    private static final int SEQUENCE_AT = 7;
    private static final int SENT_AT = 25;
    private static final String HEAD = "{\"seq\":%010d,\"sent\":%019d,\"data\":\"";
    private static final int HEAD_BYTES = 53;
    private static final byte[] TEXT = quotes();

    /** As text of exactly so many bytes. */
    static String text(int sequence, long sentNanos, int sizeBytes) {
        int room = sizeBytes - HEAD_BYTES - 2;
        int from = sequence * 31 % 1024;
        return HEAD.formatted(FIRST + sequence, sentNanos) + new String(TEXT, from, room, StandardCharsets.US_ASCII) + "\"}";
    }

    /** Reads one; null if it is something else. */
    static FeedMessage of(byte[] bytes) {
        if (bytes.length < SMALLEST_BYTES || bytes[0] != '{') {
            return null;
        }
        long sequence = number(bytes, SEQUENCE_AT, 10);
        long sent = number(bytes, SENT_AT, 19);
        return sequence < FIRST || sent < 0 ? null : new FeedMessage((int) (sequence - FIRST), sent);
    }

    private static long number(byte[] bytes, int at, int digits) {
        long number = 0;
        for (int i = at; i < at + digits; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    /** This moment, in nanoseconds since 1970: all processes of a machine agree on it. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static byte[] quotes() {
        Random random = new Random(6455);
        StringBuilder text = new StringBuilder();
        while (text.length() < 70_000) {
            text.append((char) ('A' + random.nextInt(26))).append((char) ('A' + random.nextInt(26))).append(' ')
                    .append(random.nextInt(1000)).append('.').append(10 + random.nextInt(90)).append(' ');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
