package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final int KIB = 1024;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MemoryBudget budget = new MemoryBudget(1000 * KIB);
    private final Footprint footprint = new Footprint(budget);
    private final Footprint other = new Footprint(budget);

    @Test
    void smallChangesAreNotTold() {
        footprint.become(MemoryBudget.STEP_BYTES - 1);
        assertThat(budget.heldBytes()).isZero();
        footprint.become(MemoryBudget.STEP_BYTES);
        footprint.become(MemoryBudget.STEP_BYTES + 1);
        assertThat(budget.heldBytes()).isEqualTo(MemoryBudget.STEP_BYTES);
        footprint.become(0);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void newcomersFindNoRoomFromThreeQuartersOn() {
        footprint.become(750 * KIB);
        assertThat(budget.isShort()).isFalse();
        other.become(5 * KIB);
        assertThat(budget.isShort()).isTrue();
        other.end();
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void whoTakesMoreThanItsShareOfWhatThereIsNotMustGo() {
        assertThat(footprint.become(1000 * KIB)).isFalse();
        assertThat(other.become(64 * KIB)).as("its share").isFalse();
        assertThat(other.become(63 * KIB)).isFalse();
        assertThat(other.become(69 * KIB)).as("more than its share").isTrue();
        assertThat(footprint.become(900 * KIB)).as("less than before").isFalse();
    }

    @Test
    void aShareIsLessWhereManyShare() {
        assertThat(budget.shareBytes()).isEqualTo(64 * KIB);
        budget.add(8 * KIB, 100);
        assertThat(budget.heldBytes()).isEqualTo(800 * KIB);
        assertThat(budget.shareBytes()).isEqualTo(10 * KIB);
        budget.add(8 * KIB, -100);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void whoHoldsMoreThanItsShareForLongWhileMemoryIsShortMustGo() {
        footprint.become(700 * KIB);
        assertThat(footprint.isGreedy(0)).isFalse();
        other.become(60 * KIB);
        assertThat(footprint.isGreedy(10 * SECOND)).isFalse();
        assertThat(footprint.isGreedy(14 * SECOND)).isFalse();
        assertThat(footprint.isGreedy(15 * SECOND)).isTrue();
        assertThat(other.isGreedy(10 * SECOND)).isFalse();
        assertThat(other.isGreedy(20 * SECOND)).isFalse();
    }

    @Test
    void whoHasEndedCountsNoMore() {
        footprint.become(900 * KIB);
        footprint.end();
        footprint.become(900 * KIB);
        footprint.end();
        assertThat(budget.heldBytes()).isZero();
        assertThat(footprint.isGreedy(SECOND)).isFalse();
    }

    @Test
    void nobodyCountsAtAClient() {
        Footprint client = new Footprint(null);
        assertThat(client.become(Long.MAX_VALUE)).isFalse();
        assertThat(client.isGreedy(SECOND)).isFalse();
        client.end();
    }
}
