package dev.duplex.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 1.5s}, {@code 2m}, {@code 1h}. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?(us|µs|ms|s|m|h)");
    private static final Map<String, Double> NANOS = Map.of("us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private Durations() {}

    static Duration parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 10s or 2m");
        }
        double nanos = Double.parseDouble(form.group(1)) * NANOS.get(form.group(2));
        if (nanos > Duration.ofDays(365).toNanos()) {
            throw new TypeConversionException("'" + text + "' is more than a year");
        }
        return Duration.ofNanos(Math.round(nanos));
    }

    /** Milliseconds for people: three digits say enough. */
    static String inMillis(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return (millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%.0f ms").formatted(millis);
    }
}
