package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.masked;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.CloseReason.Initiator;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an engine says that it holds, and how a carrier ends one that holds too much. */
class HeldBytesTest {
    private static final CloseReason SHORT = CloseReason.of(1013, "no memory");

    private static End deflating(boolean keepsContexts) {
        return End.deflating(Role.SERVER, Limits.defaults(), new DeflateParameters(!keepsContexts, !keepsContexts, 15, 15),
                DeflateOptions.defaults().withThresholdBytes(0));
    }

    @Test
    void anUnfinishedMessageCountsTwice() {
        End server = new End(Role.SERVER);
        assertThat(server.protocol.heldBytes()).isZero();
        server.receive(masked(0x02, new byte[1000]));
        assertThat(server.protocol.heldBytes()).isBetween(2000L, 8000L);
        server.receive(masked(0x80, new byte[1000]));
        assertThat(server.protocol.heldBytes()).isZero();
        assertThat(server.events).hasSize(1);
    }

    @Test
    void whatIsOnlyAnnouncedDoesNotCount() {
        End server = new End(Role.SERVER).receive(Arrays.copyOf(masked(0x82, new byte[1_000_000]), 14 + 100));
        assertThat(server.protocol.heldBytes()).isBetween(200L, 1000L);
    }

    /** Each step is a copy of all that came before. */
    @Test
    void roomForFragmentsIsMadeInFewSteps() {
        End server = new End(Role.SERVER, Limits.defaults().withMaxFragments(20_000), null);
        Set<Long> steps = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            server.receive(masked(i == 0 ? 0x02 : 0x00, new byte[1]));
            assertThat(server.protocol.heldBytes()).isBetween(2L * i, 8L * Math.max(i, 64));
            steps.add(server.protocol.heldBytes());
        }
        assertThat(steps).hasSizeLessThan(20);
    }

    @Test
    void anInflaterCountsWhileItsMessageIsUnderWayAndItsWindowAsLongAsItIsKept() {
        End server = deflating(true);
        server.receive(masked(0x42, bytes("4a4c")));
        assertThat(server.protocol.heldBytes()).isGreaterThan(ZlibPool.INFLATER_BYTES);
        server.receive(masked(0x80, bytes("4a0400")));
        assertThat(server.events).hasSize(1);
        assertThat(server.protocol.heldBytes()).isBetween(1L, 1024L);
        server.protocol.fail(SHORT);
        assertThat(server.protocol.heldBytes()).isZero();
    }

    /** And one byte more, in which it would be seen that the limit is passed. */
    @Test
    void whatIsInflatedTakesNoMoreThanItsLimit() {
        int limit = 100_000;
        End server = End.deflating(Role.SERVER, Limits.defaults().withMaxMessageBytes(limit), new DeflateParameters(true, true, 15, 15), DeflateOptions.defaults());
        server.receive(masked(0x42, DeflateWire.deflate(DeflateWire.end(Role.CLIENT, false, 15), new byte[limit])));
        assertThat(server.protocol.state()).isEqualTo(State.OPEN);
        long inflater = ZlibPool.INFLATER_BYTES + (1 << 15); // with its window
        assertThat(server.protocol.heldBytes() - inflater).isBetween(2L * limit, 2L * (limit + 1));
    }

    /** A quarter more than what may be referred to, so that not each append moves it. */
    @Test
    void theWindowThatIsKeptDoesNotGrowWithWhatHasPassed() {
        End server = deflating(true);
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        server.receive(masked(0xC2, DeflateWire.deflate(DeflateWire.end(Role.CLIENT, true, 15), noise)));
        assertThat(server.events).hasSize(1);
        assertThat(server.protocol.heldBytes()).isBetween(32L * 1024, 40L * 1024);
    }

    @Test
    void aMessageWhoseLastBlockIsFinalHoldsNoInflaterWhenItHasEnded() {
        End server = deflating(false);
        server.receive(masked(0xC2, bytes("f348cdc9c9070000"))); // RFC 7692 §7.2.3.4
        assertThat(server.events).hasSize(1);
        server.receive(masked(0xC2, bytes("f348cdc9c90700")));   // the same without the byte 00
        assertThat(server.events).hasSize(2);
        assertThat(server.protocol.heldBytes()).isZero();
    }

    @Test
    void aCompressorCountsAsLongAsItIsKept() {
        End server = deflating(true);
        server.protocol.send(Message.text("abc"));
        assertThat(server.protocol.heldBytes()).isEqualTo(ZlibPool.DEFLATER_BYTES);
        server.protocol.fail(SHORT);
        End forgetful = deflating(false);
        forgetful.protocol.send(Message.text("abc"));
        assertThat(forgetful.protocol.heldBytes()).isZero();
    }

    @Test
    void aConnectionThatFailsTellsWhyAndLetsGoOfAll() {
        End server = new End(Role.SERVER).receive(masked(0x01, utf8("half")));
        server.protocol.fail(SHORT);
        assertThat(server.protocol.heldBytes()).isZero();
        assertThat(server.protocol.endsTransport()).isTrue();
        assertThat(server.closeCodeWritten()).isEqualTo(1013);
        server.receive(masked(0x81, utf8("more"))).transportEnds();
        assertThat(server.events).containsExactly(new Event.Closed(new CloseReason(1013, "no memory", Initiator.LOCAL, false)));
    }

    @Test
    void aConnectionThatWaitsForTheOtherCloseSendsNoSecondOne() {
        End server = new End(Role.SERVER);
        server.protocol.close();
        assertThat(server.outputHex()).isEqualTo("8800");
        server.protocol.fail(SHORT);
        assertThat(server.output()).isEmpty();
        assertThat(server.protocol.state()).isEqualTo(State.ENDING);
    }

    @Test
    void aConnectionThatIsEndingKeepsItsReason() {
        End server = new End(Role.SERVER).receive(masked(0x88, bytes("03e8")));
        server.output();
        server.protocol.fail(SHORT);
        assertThat(server.output()).isEmpty();
        assertThat(server.protocol.closeReason().code()).isEqualTo(1000);
    }

    @Test
    void aReasonThatCannotBeSentIsRefused() {
        CloseReason lost = new CloseReason(1006, "", Initiator.TRANSPORT, false);
        assertThatThrownBy(() -> new End(Role.SERVER).protocol.fail(lost)).isInstanceOf(IllegalArgumentException.class);
    }
}
