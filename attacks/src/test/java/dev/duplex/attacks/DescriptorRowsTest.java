package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Group D: a server that has no more file descriptors. */
@Timeout(600)
class DescriptorRowsTest {
    private static final int DESCRIPTORS = 250;
    private static final String REFUSAL = "no connections are accepted for a second";

    @Test
    @Load
    @Row("D6")
    void d6WithoutDescriptorsAcceptingPausesAndGoesOnByItself() throws Exception {
        List<RawSocket> crowd = new ArrayList<>();
        try (ServerProcess server = new ServerProcess("-n " + DESCRIPTORS, List.of("-Xmx128m"), "--no-limit");
                Bystander old = new Bystander(server.connect().open("/echo"))) {
            old.assertEchoes(); // with the classes loaded that an echo needs
            for (int i = 0; i < DESCRIPTORS; i++) {
                crowd.add(server.connect()); // the system accepts what the server does not
            }
            long begun = System.nanoTime();
            while (!server.errors().contains(REFUSAL) && seconds(begun) < 30) {
                Thread.sleep(50);
            }
            assertThat(server.errors()).contains(REFUSAL);
            old.assertEchoes();
            Thread.sleep(3000);
            long refusals = server.errors().lines().filter(line -> line.contains(REFUSAL)).count();
            assertThat(refusals).as("lines of the log in a flood of connections").isBetween(1L, seconds(begun) + 2);
            old.assertEchoes();
            for (RawSocket raw : crowd) {
                raw.close();
            }
            server.assertUnhurt(old, "/echo");
        }
    }

    private static long seconds(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    }
}
