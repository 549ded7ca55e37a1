package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Group D: one message that is sent to many, none of whom reads. */
@Timeout(300)
class SlowReadersTest {
    /** All messages together are less than what makes a queue overflow. */
    private static final int ALL_BYTES = 800 * 1024;
    private static final int FILLING_BYTES = 32 * 1024;
    private static final int MOST_FILLINGS = 1000;
    private static final int LITTLE_BYTES = 64 * 1024;

    private final List<RawSocket> readers = new ArrayList<>();

    /** What a {@link ChannelServer} says of itself. */
    private record Standing(int members, int waiting, long heldBytes, long liveBytes) {
        static Standing of(ServerProcess server, int number, int bytes) throws IOException {
            String[] words = server.ask(number + " " + bytes).split(" ");
            return new Standing(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
        }
    }

    @Test
    @Row("D3")
    void d3SlowReadersWaitWithOnePayload() throws Exception {
        waitWithOnePayload(500, 1024, "");
    }

    @Test
    @Row("D3")
    void d3OverTlsAsWell() throws Exception {
        waitWithOnePayload(100, 1024, "--tls");
    }

    @Test
    @Tag("soak")
    @Row("D3")
    void d3TenThousandSlowReadersWaitWithOnePayload() throws Exception {
        waitWithOnePayload(10_000, 4096, "");
    }

    private void waitWithOnePayload(int number, int messageBytes, String tls) throws Exception {
        int messages = ALL_BYTES / messageBytes;
        try (ServerProcess server = new ServerProcess(ChannelServer.class, "", List.of("-XX:+UseSerialGC"), tls);
                Bystander good = new Bystander(server.connect().open("/echo"))) {
            for (int i = 0; i < number; i++) {
                readers.add(server.connectWithWindow(4096).open("/channel"));
            }
            fill(server, number);
            Standing before = Standing.of(server, 1, messageBytes);
            Standing after = Standing.of(server, messages, messageBytes);
            assertThat(after.members).as("nobody was ended").isEqualTo(number);
            long most = 100L * number * messages + 2 * ALL_BYTES; // the payload where it came from, and where it is written from
            assertThat(after.liveBytes - before.liveBytes).as("%s, then %s: more that lives", before, after).isLessThan(most);
            assertThat(after.heldBytes - before.heldBytes).as("what the budget knows of").isBetween((long) ALL_BYTES, most);
            assertAllArrives(readers.getFirst(), messages, messageBytes);
            for (RawSocket raw : readers) {
                raw.reset();
            }
            assertEverythingIsLetGo(server, after);
            server.assertUnhurt(good, "/echo");
        }
    }

    /** Until something waits for each: the system takes much before it takes no more. */
    private static void fill(ServerProcess server, int number) throws IOException {
        Standing now = Standing.of(server, 0, FILLING_BYTES);
        for (int i = 0; i < MOST_FILLINGS; i++) {
            now = Standing.of(server, 0, FILLING_BYTES);
            if (now.waiting == number && Standing.of(server, 0, FILLING_BYTES).waiting == number) {
                return;
            }
        }
        throw new AssertionError("readers that take everything: " + now);
    }

    private static void assertAllArrives(RawSocket raw, int messages, int messageBytes) throws Exception {
        int fillings = 0;
        for (int i = -1; i < messages; ) {
            Frames.Frame frame = Frames.read(raw);
            assertThat(frame.first()).isEqualTo(0x82);
            if (frame.payload().length == messageBytes) {
                i++;
            } else {
                assertThat(frame.payload()).hasSize(FILLING_BYTES);
                assertThat(i).as("fillings come first").isEqualTo(-1);
                fillings++;
            }
        }
        assertThat(fillings).isPositive();
        AttackedServer.assertEchoes(raw);
    }

    private static void assertEverythingIsLetGo(ServerProcess server, Standing full) throws IOException, InterruptedException {
        Standing now = Standing.of(server, 1, 1);
        for (int i = 0; i < 400 && (now.members > 0 || now.heldBytes > LITTLE_BYTES); i++) {
            Thread.sleep(50);
            now = Standing.of(server, 1, 1);
        }
        assertThat(now.members).isZero();
        assertThat(now.heldBytes).isLessThanOrEqualTo(LITTLE_BYTES);
        assertThat(now.liveBytes).isLessThan(full.liveBytes);
    }
}
