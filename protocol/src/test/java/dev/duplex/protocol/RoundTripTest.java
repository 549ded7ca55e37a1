package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one end sends the other receives, at every length where the header changes. */
class RoundTripTest {
    private static final int[] LENGTHS = {0, 1, 2, 31, 32, 33, 124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537, 300_000};

    @Rfc(section = "5.6", rule = "text and binary of every length")
    @ParameterizedTest
    @EnumSource(Role.class)
    void binaryAndTextOfEveryLengthArrive(Role sender) {
        Role receiver = sender == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        for (int length : LENGTHS) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            Message binary = Message.binary(bytes);
            Message text = Message.text("x".repeat(length));
            End from = new End(sender);
            from.protocol.send(binary);
            from.protocol.send(text);
            End to = new End(receiver).receive(from.output());
            assertThat(to.events).isEqualTo(List.of(binary, text));
        }
    }

    @Rfc(section = "5.2", rule = "lengths are written in as few bytes as possible")
    @ParameterizedTest
    @EnumSource(Role.class)
    void headersTakeAsFewBytesAsPossible(Role sender) {
        int[][] expected = {{125, 2}, {126, 4}, {65_535, 4}, {65_536, 10}};
        for (int[] lengthAndHeader : expected) {
            End from = new End(sender);
            from.protocol.send(Message.binary(new byte[lengthAndHeader[0]]));
            int mask = sender == Role.CLIENT ? 4 : 0;
            assertThat(from.output().length).isEqualTo(lengthAndHeader[0] + lengthAndHeader[1] + mask);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aPreparedMessageIsTheSameOnTheWire(Role sender) {
        Role receiver = sender == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        for (int length : LENGTHS) {
            End from = new End(sender);
            Message message = Message.text("y".repeat(length));
            PreparedMessage prepared = PreparedMessage.of(message);
            from.protocol.send(prepared);
            from.protocol.send(prepared);
            assertThat(new End(receiver).receive(from.output()).events).isEqualTo(List.of(message, message));
        }
    }
}
