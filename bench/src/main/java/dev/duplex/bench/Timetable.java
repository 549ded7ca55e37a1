package dev.duplex.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How long a race has taken and will take: as planned at first, then as what is done has shown. */
final class Timetable {
    /** What a race is made of. */
    enum Part { START, WARM_UP, MEASUREMENT, IDLE }

    private static final class Share {
        private final double plannedSeconds;
        private int left;
        private int done;
        private double doneSeconds;

        Share(int count, double plannedSeconds) {
            left = count;
            this.plannedSeconds = plannedSeconds;
        }

        double leftSeconds() {
            return left * (done == 0 ? plannedSeconds : doneSeconds / done);
        }
    }

    private final Map<Part, Share> shares = new EnumMap<>(Part.class);

    /** Adds parts to what is to be done. */
    void plan(Part part, int count, double secondsEach) {
        shares.put(part, new Share(count, secondsEach));
    }

    /** One of them is done, or will not be. */
    void done(Part part, Duration took) {
        Share share = shares.get(part);
        share.left--;
        share.done++;
        share.doneSeconds += took.toNanos() / 1e9;
    }

    Duration left() {
        return Duration.ofMillis((long) (1000 * shares.values().stream().mapToDouble(Share::leftSeconds).sum()));
    }

    /** Minutes and seconds. */
    static String text(Duration time) {
        return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }
}
