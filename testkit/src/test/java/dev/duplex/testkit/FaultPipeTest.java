package dev.duplex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPipeTest {
    private final FakeTime time = new FakeTime();
    private final FaultPipe pipe = new FaultPipe(time, 7);

    @Test
    void withoutAFaultBytesArriveAtOnceAndWhole() {
        pipe.write(new byte[] {1, 2});
        pipe.write(new byte[] {3});
        assertThat(pipe.read()).containsExactly(1, 2, 3);
        assertThat(pipe.read()).isEmpty();
        assertThat(pipe.end()).isEmpty();
    }

    @Test
    void delayedBytesArriveWhenTheirTimeHasCome() {
        pipe.faults().delay(Duration.ofMillis(50));
        pipe.write(new byte[] {1});
        time.advance(Duration.ofMillis(30));
        pipe.write(new byte[] {2});
        assertThat(pipe.read()).isEmpty();
        time.advance(Duration.ofMillis(20));
        assertThat(pipe.read()).containsExactly(1);
        time.advance(Duration.ofMillis(30));
        assertThat(pipe.read()).containsExactly(2);
    }

    @Test
    void bytesPassAtTheirRate() {
        pipe.faults().bytesPerSecond(10);
        for (int i = 0; i < 20; i++) {
            pipe.write(new byte[] {(byte) i});
        }
        time.advance(Duration.ofSeconds(1));
        assertThat(pipe.read()).hasSize(10);
        time.advance(Duration.ofMillis(500));
        assertThat(pipe.read()).hasSize(5);
    }

    @Test
    void jitterKeepsTheOrderAndIsTheSameForTheSameSeed() {
        List<Integer> first = arrivals(new FaultPipe(time, 1));
        assertThat(arrivals(new FaultPipe(time, 1))).isEqualTo(first);
        assertThat(arrivals(new FaultPipe(time, 2))).isNotEqualTo(first);
        assertThat(first.getLast()).isEqualTo(100);
    }

    /** How many of 100 bytes have arrived after each of 20 ms. */
    private List<Integer> arrivals(FaultPipe jittery) {
        jittery.faults().jitter(Duration.ofMillis(20));
        List<Integer> counts = new ArrayList<>();
        byte next = 0;
        for (int i = 0; i < 100; i++) {
            jittery.write(new byte[] {(byte) i});
        }
        for (int millis = 0; millis < 20; millis++) {
            time.advance(Duration.ofMillis(1));
            for (byte b : jittery.read()) {
                assertThat(b).isEqualTo(next++);
            }
            counts.add((int) next);
        }
        return counts;
    }

    @Test
    void eachFaultComesAfterExactlyItsByte() {
        for (Fault fault : List.of(Fault.CUT, Fault.RESET, Fault.FIN)) {
            FaultPipe cut = new FaultPipe(time, 0);
            cut.faults().after(3, fault);
            cut.write(new byte[] {1, 2});
            cut.write(new byte[] {3, 4, 5});
            cut.write(new byte[] {6});
            assertThat(cut.read()).as("%s", fault).containsExactly(1, 2, 3);
            assertThat(cut.end()).contains(fault);
        }
    }

    @Test
    void whatVanishesIsNeverToldOf() {
        pipe.faults().after(1, Fault.VANISH);
        pipe.write(new byte[] {1, 2});
        assertThat(pipe.read()).containsExactly(1);
        pipe.write(new byte[] {3});
        assertThat(pipe.read()).isEmpty();
        assertThat(pipe.end()).isEmpty();
        assertThat(pipe.unreadBytes()).isZero();
    }

    @Test
    void whatAStoppedReaderLeftArrivesOnceItReadsOn() {
        pipe.faults().after(2, Fault.STOP_READING);
        pipe.write(new byte[] {1, 2, 3});
        pipe.write(new byte[] {4});
        assertThat(pipe.read()).containsExactly(1, 2);
        assertThat(pipe.unreadBytes()).isEqualTo(2);
        pipe.faults().heal();
        assertThat(pipe.read()).containsExactly(3, 4);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> pipe.faults().bytesPerSecond(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pipe.faults().after(-1, Fault.CUT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pipe.faults().delay(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
