package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The tables of docs/limits.md, and numbers as they stand there. */
public final class LimitsPage {
    private LimitsPage() {}

    public static String text() {
        try {
            return Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/limits.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There must be a row for it with this default. */
    public static void assertTold(String what, String value) {
        assertThat(text()).contains("\n| " + what + " | " + value + " | ");
    }

    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() / 1000.0 + " s";
    }

    public static String bytes(long bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }
}
