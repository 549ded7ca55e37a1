package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.join;
import static dev.duplex.protocol.End.masked;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What was begun must end in time; all times are given. */
class DeadlineTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long ALLOWED = Limits.defaults().messageDeadlineNanos();

    private final End server = new End(Role.SERVER);

    @Test
    void nothingBegunHasNoDeadline() {
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.receive(join(masked(0x81, utf8("whole")), masked(0x89, utf8("ping"))));
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.protocol.extendDeadline(ALLOWED);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.protocol.expire(NEVER);
        assertThat(server.protocol.state()).isEqualTo(State.OPEN);
    }

    @Test
    void aHeaderThatWasBegunHasADeadline() {
        server.receive("81");
        assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + ALLOWED);
        server.receive("80 00000000");
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
    }

    @Test
    void aWholeMessageKeepsItsDeadlineWhateverControlFramesCome() {
        server.receive(masked(0x01, utf8("begun")));
        long deadline = server.protocol.deadlineNanos();
        server.now += ALLOWED / 2;
        server.receiveCut(masked(0x89, utf8("ping")), 1).receive(masked(0x00, utf8("more")));
        assertThat(server.protocol.deadlineNanos()).isEqualTo(deadline);
        server.receive(masked(0x80, utf8("end")));
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
    }

    @Test
    void aMessageInPartsMayTakeAsLongAsItLikesButNoneOfItsFramesMay() {
        server.protocol.receiveInParts();
        server.receive(masked(0x01, utf8("begun")));
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.receiveCut(masked(0x89, utf8("ping")), 3); // cut, it has a deadline of its own, and only until it is whole
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.receive(Arrays.copyOf(masked(0x00, utf8("more")), 7));
        assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + ALLOWED);
    }

    @Test
    void theLeastRateKeepsASlowMessageAlive() {
        server.receive(Arrays.copyOf(masked(0x82, new byte[200_000]), 10));
        server.receive(new byte[30 * 1024]);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + ALLOWED); // 30 KiB earn 30 s
        server.receive(new byte[1024]);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + ALLOWED + 1_000_000_000L);
    }

    @Test
    void withoutALeastRateTheDeadlineIsFixed() {
        End fixed = new End(Role.SERVER, new Limits(1 << 20, 10, 1, 5, 0, 1, 0, 0, 0), null);
        fixed.receive(Arrays.copyOf(masked(0x82, new byte[200_000]), 10)).receive(new byte[100_000]);
        assertThat(fixed.protocol.deadlineNanos()).isEqualTo(fixed.now + 5);
    }

    @Test
    void whoAllowsTheLongestTimeAllowsForEver() {
        End patient = new End(Role.SERVER, Limits.defaults().withMessageDeadlineNanos(NEVER), null);
        patient.receive("81");
        assertThat(patient.protocol.deadlineNanos()).isEqualTo(NEVER);
        patient.protocol.expire(patient.now + NEVER / 2);
        assertThat(patient.protocol.state()).isEqualTo(State.OPEN);
    }

    @Test
    void aMessageThatIsLateFailsAlsoAfterOurClose() {
        server.receive(masked(0x01, utf8("begun")));
        server.protocol.close();
        server.output();
        server.protocol.expire(server.protocol.deadlineNanos());
        assertThat(server.protocol.closeReason().code()).isEqualTo(1008);
        assertThat(server.output()).isEmpty();
    }

    @Test
    void theEndOfAConnectionHasNoDeadline() {
        server.receive(masked(0x01, utf8("begun"))).receive(masked(0x88, bytes("03e8"))).receive("81");
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
        server.protocol.expire(NEVER);
        assertThat(server.protocol.closeReason().code()).isEqualTo(1000);
        server.transportEnds();
        assertThat(server.protocol.deadlineNanos()).isEqualTo(NEVER);
    }
}
