package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Group D: connections on which nothing is said but Pings. */
@Tag("load")
@Timeout(1200)
class IdleRowsTest {
    /** 15,000 in a long run, if either end may have as many files. */
    private static final int MANY = Math.min(Load.SCALE > 1 ? 15_000 : 1000, mostFiles() * 3 / 4);
    /** In a long run each is pinged meanwhile. */
    private static final Duration IDLE = Duration.ofSeconds(Load.SCALE > 1 ? 30 : 1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static int mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(unix.getMaxFileDescriptorCount(), Integer.MAX_VALUE / 3)
                : 1000;
    }

    @Test
    @Row("D16")
    void d16IdleConnectionsHaveNoTimersOfTheirOwnAndLeaveNothing() throws Exception {
        idleAndGo(MANY);
    }

    @Test
    @Row("D16")
    void d16NorHaveThoseOfTls() throws Exception {
        idleAndGo(MANY / 10, "--tls");
    }

    private static void idleAndGo(int number, String... tls) throws Exception {
        try (ServerProcess server = new ServerProcess("", List.of(), tls)) {
            try (Bystander old = new Bystander(server.connect().open("/echo"))) {
                old.assertEchoes();
                String sockets = server.ask("sockets");
                long heldBytes = server.heldBytes();
                List<RawSocket> idle = opened(server, number);
                for (long begun = System.nanoTime(); System.nanoTime() - begun < IDLE.toNanos(); Thread.sleep(50)) {
                    assertThat(server.ask("timers")).as("timers of a loop, though its own may be due just now").isIn("0", "1");
                }
                await(server, "timers", "1");
                assertThat(server.ask("open")).isEqualTo(String.valueOf(number + 1));
                assertThat(server.ask("rest")).as("the event loops rest while all are idle").isEqualTo("true");
                old.assertEchoes();
                leave(idle);
                await(server, "open", "1");
                await(server, "sockets", sockets);
                await(server, "held", String.valueOf(heldBytes));
                server.assertUnhurt(old, "/echo");
            }
            await(server, "timers", "0");
            await(server, "held", "0");
        }
    }

    private static List<RawSocket> opened(ServerProcess server, int number) throws IOException {
        List<RawSocket> idle = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            RawSocket raw = server.connect().open("/echo");
            idle.add(raw);
            new Bystander(raw); // which answers Pings
        }
        return idle;
    }

    /** One half with FIN, the other with RST. */
    private static void leave(List<RawSocket> idle) throws IOException {
        for (int i = 0; i < idle.size(); i++) {
            if (i % 2 == 0) {
                idle.get(i).close();
            } else {
                idle.get(i).reset();
            }
        }
    }

    private static void await(ServerProcess server, String what, String expected) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String now = server.ask(what);
        while (!now.equals(expected) && System.nanoTime() < end) {
            Thread.sleep(20);
            now = server.ask(what);
        }
        assertThat(now).as(what).isEqualTo(expected);
    }
}
