package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.duplex.attacks.Row;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Group D: what timers cost. */
class TimerRowsTest {
    private static final int CONNECTIONS = 15_000;
    private static final int MOST_BYTES_EACH = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicInteger scheduled = new AtomicInteger();
    private final EventLoop loop = (EventLoop) Proxy.newProxyInstance(EventLoop.class.getClassLoader(), new Class<?>[] {EventLoop.class},
            (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("schedule");
                scheduled.incrementAndGet();
                return null;
            });

    private static final class Idle implements Pulse.Member {
        private int place = Pulse.NOWHERE;
        private int beats;

        @Override
        public void beat(long nowNanos) {
            beats++;
        }

        @Override
        public void drain() {}

        @Override
        public void abort() {}
    }

    @Test
    @Row("D16")
    void d16IdleConnectionsShareOneTimerThatEndsWithThem() {
        Pulse pulse = new Pulse(loop, () -> 0);
        List<Idle> idle = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            idle.add(new Idle());
        }
        idle.getFirst().place = pulse.add(idle.getFirst()); // which sets the timer
        long before = THREADS.getCurrentThreadAllocatedBytes();
        idle.stream().skip(1).forEach(each -> each.place = pulse.add(each));
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes).as("for all").isBetween(CONNECTIONS * 4L, (long) CONNECTIONS * MOST_BYTES_EACH);
        assertThat(scheduled.get()).as("timers").isEqualTo(1);
        pulse.run();
        assertThat(scheduled.get()).as("timers that were set anew").isEqualTo(2);
        assertThat(idle).allMatch(member -> member.beats == 1);
        idle.forEach(each -> each.place = pulse.remove(each.place));
        pulse.run();
        assertThat(scheduled.get()).as("timers without connections").isEqualTo(2);
        assertThat(idle).allMatch(member -> member.beats == 1);
    }
}
