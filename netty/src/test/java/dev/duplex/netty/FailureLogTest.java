package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private final List<String> lines = new ArrayList<>();
    private final FailureLog log = new FailureLog((line, failure) -> lines.add(failure == null ? line : line + ": " + failure.getMessage()));

    private void fail(int times, long millis) {
        for (int i = 0; i < times; i++) {
            log.tell("listener", "/x", new IllegalStateException("planted"), TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    @Test
    void aFaultIsToldInFullOnceASecond() {
        fail(2, 0);
        fail(1, 999);
        fail(1, 1000);
        assertThat(lines).containsExactly("the listener at /x failed: planted", "the listener at /x failed again: java.lang.IllegalStateException",
                "the listener at /x failed again: java.lang.IllegalStateException", "the listener at /x failed: planted");
    }

    @Test
    void anotherFaultIsToldInFullToo() {
        fail(1, 0);
        log.tell("route", "/y", new IllegalArgumentException("other"), 1);
        Throwable bare = new Throwable("no trace");
        bare.setStackTrace(new StackTraceElement[0]);
        log.tell("route", "/y\n", bare, 2);
        assertThat(lines).containsExactly("the listener at /x failed: planted", "the route at /y failed: other",
                "the route at /y\\u000a failed: no trace");
    }

    @Test
    void whatGoesBeyondIsCountedAndToldWhenTheSecondIsOver() {
        fail(10_000, 0);
        assertThat(lines).hasSize(FailureLog.MOST_A_SECOND);
        lines.clear();
        log.beat(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(lines).isEmpty();
        log.beat(TimeUnit.MILLISECONDS.toNanos(1000));
        log.beat(TimeUnit.MILLISECONDS.toNanos(5000));
        assertThat(lines).containsExactly("9990 more failures were not told");
    }
}
