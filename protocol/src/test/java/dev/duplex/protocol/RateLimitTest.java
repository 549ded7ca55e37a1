package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    /** A monotonic clock may begin anywhere. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -5 * SECOND, Long.MAX_VALUE - 100 * SECOND, Long.MIN_VALUE})
    void aBurstAndThenTheRateAreAllowed(long start) {
        RateLimit limit = new RateLimit(3, 2);
        assertThat(allowed(limit, start, 5)).isEqualTo(3);
        assertThat(allowed(limit, start + SECOND / 2 - 1, 5)).isZero();
        assertThat(allowed(limit, start + SECOND / 2, 5)).isEqualTo(1);
        assertThat(allowed(limit, start + SECOND, 5)).isEqualTo(1);
        assertThat(allowed(limit, start + 60 * SECOND, 5)).isEqualTo(3); // never more than the burst
    }

    @Test
    void noFractionOfATokenIsLost() {
        RateLimit limit = new RateLimit(1, 1);
        assertThat(limit.allows(0)).isTrue();
        for (int tenth = 1; tenth < 10; tenth++) {
            assertThat(limit.allows(tenth * SECOND / 10)).isFalse();
        }
        assertThat(limit.allows(SECOND)).isTrue();
    }

    @Test
    void withoutARateTheBurstIsAll() {
        RateLimit limit = new RateLimit(2, 0);
        assertThat(allowed(limit, 0, 5)).isEqualTo(2);
        assertThat(allowed(limit, 1000 * SECOND, 5)).isZero();
    }

    @Test
    void timeThatGoesBackGivesAndTakesNothing() {
        RateLimit limit = new RateLimit(2, 1);
        assertThat(limit.allows(10 * SECOND)).isTrue();
        assertThat(allowed(limit, 5 * SECOND, 5)).isEqualTo(1);
    }

    @Test
    void theLargestLimitsDoNotOverflow() {
        assertThat(allowed(new RateLimit(Integer.MAX_VALUE, 1), 0, 1000)).isEqualTo(1000);
        assertThat(allowed(new RateLimit(1, Integer.MAX_VALUE), 0, 1000)).isEqualTo(1000); // more than the clock can tell
    }

    private static int allowed(RateLimit limit, long nowNanos, int asked) {
        int allowed = 0;
        for (int i = 0; i < asked; i++) {
            allowed += limit.allows(nowNanos) ? 1 : 0;
        }
        return allowed;
    }
}
