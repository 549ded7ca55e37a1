package dev.duplex.lab;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is sent, how often, and by whom; the same over every carrier.
 *
 * @param direction who sends
 * @param perSecond messages a second in each direction that is loaded, 1 to 10,000
 * @param sizeBytes bytes of a message, 64 to 65,536
 * @param duration how long messages are sent, at most {@link #LONGEST}
 */
public record Feed(Direction direction, int perSecond, int sizeBytes, Duration duration) {
    /** What a stranger may ask of a server stays harmless: as much as one fast download. */
    public static final int MOST_BYTES_PER_SECOND = 8 << 20;

    /** Longer feeds show nothing new. */
    public static final Duration LONGEST = Duration.ofMinutes(2);

    private static final int MOST_PER_SECOND = 10_000;
    private static final int LARGEST_BYTES = 64 * 1024;

    /** @throws IllegalArgumentException if something is out of its range, saying what the range is */
    public Feed {
        within("a rate", perSecond, 1, MOST_PER_SECOND, "messages a second");
        within("a size", sizeBytes, FeedMessage.SMALLEST_BYTES, LARGEST_BYTES, "bytes");
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a duration is more than 0 s and at most " + LONGEST.toSeconds() + " s");
        }
        if ((long) perSecond * sizeBytes > MOST_BYTES_PER_SECOND) {
            throw new IllegalArgumentException("rate times size is at most " + MOST_BYTES_PER_SECOND + " bytes a second, not " + (long) perSecond * sizeBytes);
        }
    }

    private static void within(String what, int value, int least, int most, String unit) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + least + " to " + most + " " + unit + ", not " + value);
        }
    }

    /** The number of messages in each direction that is loaded. */
    public int messages() {
        return (int) Math.max(1, Math.round(perSecond * (duration.toNanos() / 1e9)));
    }

    /** The same for another size. */
    public Feed withSizeBytes(int bytes) {
        return new Feed(direction, perSecond, bytes, duration);
    }

    /** The same at another rate. */
    public Feed withPerSecond(int rate) {
        return new Feed(direction, rate, sizeBytes, duration);
    }

    /** The same with others sending. */
    public Feed withDirection(Direction who) {
        return new Feed(who, perSecond, sizeBytes, duration);
    }

    /** The same for another time. */
    public Feed withDuration(Duration time) {
        return new Feed(direction, perSecond, sizeBytes, time);
    }

    /** As a query that {@link #of} reads. */
    String toQuery() {
        return "direction=" + direction.label() + "&rate=" + perSecond + "&size=" + sizeBytes + "&millis=" + duration.toMillis();
    }

    /**
     * The feed that a URL's query asks for.
     *
     * @throws IllegalArgumentException if it asks for what there is not, saying why
     */
    static Feed of(Function<String, Optional<String>> parameter) {
        return new Feed(direction(parameter.apply("direction").orElse("push")), number(parameter, "rate", 10), number(parameter, "size", 125),
                Duration.ofMillis(number(parameter, "millis", 10_000)));
    }

    private static Direction direction(String name) {
        for (Direction direction : Direction.values()) {
            if (direction.label().equals(name)) {
                return direction;
            }
        }
        throw new IllegalArgumentException("a direction is push, request or both");
    }

    private static int number(Function<String, Optional<String>> parameter, String name, int otherwise) {
        String text = parameter.apply(name).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(name + " is a whole number");
        }
        return Integer.parseInt(text);
    }

    /** For people: {@code push, 100 a second of 125 bytes for 3.0 s}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %,d a second of %,d bytes for %.1f s", direction.label(), perSecond, sizeBytes, duration.toMillis() / 1e3);
    }
}
