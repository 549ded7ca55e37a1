package dev.duplex.protocol;

import static dev.duplex.protocol.End.frameTo;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How many fragments a message may have, and how large a frame may say that it is: exactly, on every path. */
class FragmentsTest {
    private static final DeflateParameters PARAMETERS = new DeflateParameters(true, true, 15, 15);
    private static final int MOST = 4;

    /** A message is held whole, or handed over in parts, or inflated, or both. */
    enum Path {
        WHOLE, PARTS, INFLATED, INFLATED_PARTS;

        boolean isInflated() {
            return this == INFLATED || this == INFLATED_PARTS;
        }

        End end(Role role, Limits limits) {
            End end = End.deflating(role, limits, PARAMETERS, DeflateOptions.defaults());
            if (this == PARTS || this == INFLATED_PARTS) {
                end.protocol.receiveInParts();
            }
            return end;
        }
    }

    /** Fragments of a message that has no end, each of so many bytes, until the connection is failed. */
    private static int fragmentsTaken(Path path, Role role, int bytesEach) {
        End end = path.end(role, Limits.defaults().withMaxFragments(MOST));
        byte[] stored = storedBlocks(100 * bytesEach);
        for (int i = 0; i < 100; i++) {
            byte[] fragment = path.isInflated() ? Arrays.copyOfRange(stored, i * bytesEach, (i + 1) * bytesEach) : new byte[bytesEach];
            end.receive(frameTo(role, i > 0 ? 0 : path.isInflated() ? 0x42 : 0x02, fragment));
            if (end.protocol.state() != State.OPEN) {
                assertThat(end.protocol.closeReason().code()).isEqualTo(1008);
                return i;
            }
        }
        return 100;
    }

    /** What an inflater reads for as long as one likes: blocks of 40 bytes that are stored as they are. */
    private static byte[] storedBlocks(int atLeast) {
        ByteArrayOutputStream blocks = new ByteArrayOutputStream();
        while (blocks.size() < atLeast) {
            blocks.writeBytes(End.bytes("00 28 00 d7 ff"));
            blocks.writeBytes(new byte[40]);
        }
        return blocks.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void emptyFragmentsCount(Path path) {
        for (Role role : Role.values()) {
            assertThat(fragmentsTaken(path, role, 0)).isEqualTo(MOST);
        }
    }

    /** The eighth comes after 7 · 16 bytes, which have earned three more than four. */
    @ParameterizedTest
    @EnumSource(Path.class)
    void each32BytesThatHaveComeEarnOneMore(Path path) {
        for (Role role : Role.values()) {
            assertThat(fragmentsTaken(path, role, 16)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void fragmentsOf32BytesHaveNoEnd(Path path) {
        assertThat(fragmentsTaken(path, Role.SERVER, 32)).isEqualTo(100);
    }

    @Test
    void theNextMessageBeginsToCountAnew() {
        End server = new End(Role.SERVER, Limits.defaults().withMaxFragments(2), null);
        for (int i = 0; i < 3; i++) {
            server.receive(frameTo(Role.SERVER, 0x01, new byte[] {'a'})).receive(frameTo(Role.SERVER, 0x80, new byte[] {'b'}));
        }
        assertThat(server.events).hasSize(3).containsOnly(Message.text("ab"));
    }

    /** Compressed, a message may be an eighth and 1,024 bytes longer than what it holds: 8000 + 1000 + 1024 here. */
    @ParameterizedTest
    @CsvSource({"0x82, 8000, 1", "0x82, 8001, 1009", "0xC2, 10024, 1", "0xC2, 10025, 1009"})
    void aLengthThatCannotFitIsRefusedAtItsHeader(String first, int announced, int code) {
        End server = Path.WHOLE.end(Role.SERVER, Limits.defaults().withMaxMessageBytes(8000));
        byte[] header = Arrays.copyOf(frameTo(Role.SERVER, Integer.decode(first), new byte[announced]), 8);
        server.receive(header);
        assertThat(server.protocol.state() == State.OPEN ? 1 : server.protocol.closeReason().code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"0x02, 7900, 1", "0x02, 7901, 1009", "0x42, 9924, 1", "0x42, 9925, 1009"})
    void whatHasComeOfAMessageIsNotThereForItsNextFragment(String first, int announced, int code) {
        End server = Path.WHOLE.end(Role.SERVER, Limits.defaults().withMaxMessageBytes(8000));
        server.receive(frameTo(Role.SERVER, Integer.decode(first), Arrays.copyOf(storedBlocks(100), 100)));
        server.receive(Arrays.copyOf(frameTo(Role.SERVER, 0x80, new byte[announced]), 8));
        assertThat(server.protocol.state() == State.OPEN ? 1 : server.protocol.closeReason().code()).isEqualTo(code);
    }
}
