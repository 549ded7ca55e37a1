package dev.duplex.protocol;

import static dev.duplex.protocol.End.masked;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The memory of large messages, used again. */
class LargeArraysTest {
    private final LargeArrays arrays = new LargeArrays();
    private final byte[] message = new byte[1024 * 1024];
    private final End server = new End(Role.SERVER);

    LargeArraysTest() {
        new Random(6455).nextBytes(message);
        server.protocol.reuse(arrays);
    }

    private byte[] received() {
        return ((Message) server.events.getLast()).bytes();
    }

    @Test
    void aLargeMessageIsReadIntoTheArrayOfTheOneBefore() {
        server.receiveCut(masked(0x82, message), 64 * 1024);
        byte[] first = received();
        assertThat(first).isEqualTo(message);
        message[0] ^= 1;
        arrays.giveBack(first);
        server.receiveCut(masked(0x82, message), 64 * 1024);
        assertThat(received()).isSameAs(first).isEqualTo(message);
        server.receiveCut(masked(0x82, message), 64 * 1024);
        assertThat(received()).as("it is used until it is given back").isNotSameAs(first).isEqualTo(message);
    }

    @Test
    void whoeverGivesNothingBackHasNewArrays() {
        End other = new End(Role.SERVER);
        other.receiveCut(masked(0x82, message), 64 * 1024).receiveCut(masked(0x82, message), 64 * 1024);
        assertThat(((Message) other.events.getFirst()).bytes()).isEqualTo(message).isNotSameAs(((Message) other.events.getLast()).bytes());
    }

    /** Who announces much and sends little takes nothing that others could use. */
    @Test
    void anArrayIsTakenWhenEnoughHasCome() {
        arrays.giveBack(new byte[message.length]);
        byte[] frame = masked(0x82, message);
        server.receive(Arrays.copyOf(frame, 14 + 100));
        assertThat(server.protocol.heldBytes()).isLessThan(1000);
        server.receive(Arrays.copyOfRange(frame, 114, 50_000));
        assertThat(server.protocol.heldBytes()).isEqualTo(2 * message.length);
        server.receive(Arrays.copyOfRange(frame, 50_000, frame.length));
        assertThat(received()).isEqualTo(message);
    }

    @Test
    void aMessageOfAnotherLengthOrInFragmentsHasAnArrayOfItsOwn() {
        byte[] given = new byte[message.length + 1];
        arrays.giveBack(given);
        server.receiveCut(masked(0x82, message), 64 * 1024);
        assertThat(received()).isNotSameAs(given).isEqualTo(message);
        byte[] half = Arrays.copyOf(message, 100_000);
        arrays.giveBack(new byte[half.length]);
        server.receiveCut(masked(0x02, half), 64 * 1024).receiveCut(masked(0x80, half), 64 * 1024);
        assertThat(received()).isEqualTo(End.join(half, half));
        assertThat(arrays.take(half.length)).isNotNull();
    }

    @Test
    void shortArraysAreNotKeptNorMoreThanFourMebibytes() {
        arrays.giveBack(new byte[LargeArrays.SHORTEST_BYTES - 1]);
        assertThat(arrays.take(LargeArrays.SHORTEST_BYTES - 1)).isNull();
        arrays.giveBack(new byte[LargeArrays.SHORTEST_BYTES]);
        assertThat(arrays.take(LargeArrays.SHORTEST_BYTES)).isNotNull();
        for (int i = 0; i < 5; i++) {
            arrays.giveBack(new byte[message.length]);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(arrays.take(message.length)).isNotNull();
        }
        assertThat(arrays.take(message.length)).isNull();
        arrays.giveBack(new byte[message.length]);
        assertThat(arrays.take(message.length)).as("there is room again").isNotNull();
    }

    @Test
    void whatNobodyUsesForAWhileIsLetGo() {
        arrays.giveBack(new byte[message.length]);
        arrays.age();
        byte[] kept = arrays.take(message.length);
        assertThat(kept).isNotNull();
        arrays.giveBack(kept);
        arrays.age();
        arrays.age();
        assertThat(arrays.take(message.length)).isNull();
        arrays.giveBack(new byte[LargeArrays.MOST_BYTES]);
        assertThat(arrays.take(LargeArrays.MOST_BYTES)).as("what was let go counts no more").isNotNull();
    }
}
