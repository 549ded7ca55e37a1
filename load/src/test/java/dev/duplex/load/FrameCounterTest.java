package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCounterTest {
    private static final HexFormat HEX = HexFormat.of();

    /** A text of 5 bytes; one of 2 + 3 bytes in two fragments with a Ping between; a compressed one; one of 126; one of 65536; Close 1000. */
    private static final String STREAM = "810548656c6c6f" + "01024865" + "8902abcd" + "80036c6c6f" + "c103010203"
            + "827e007e" + "00".repeat(126) + "827f0000000000010000" + "11".repeat(65_536) + "880203e8";

    private static final List<String> HEARD =
            List.of("message 5", "control 9 abcd", "message 5", "compressed 3", "message 126", "message 65536", "control 8 03e8");

    private final List<String> heard = new ArrayList<>();
    private final FrameCounter counter = new FrameCounter(true, new FrameCounter.Sink() {
        @Override
        public void message(long payloadBytes, boolean isCompressed) {
            heard.add((isCompressed ? "compressed " : "message ") + payloadBytes);
        }

        @Override
        public void control(int opcode, byte[] payload) {
            heard.add("control " + opcode + " " + HEX.formatHex(payload));
        }
    });

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 127, 4096, 100_000})
    void everyCutIsHeardTheSame(int pieceBytes) {
        byte[] stream = HEX.parseHex(STREAM);
        for (int at = 0; at < stream.length; at += pieceBytes) {
            counter.receive(Unpooled.wrappedBuffer(stream, at, Math.min(pieceBytes, stream.length - at)));
        }
        assertThat(heard).isEqualTo(HEARD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8185000000004869", "b10148", "830148", "8b0148", "827fffffffffffffffff", "887e0080"})
    void whatNoServerMaySendIsRefused(String frame) {
        assertThatThrownBy(() -> counter.receive(Unpooled.wrappedBuffer(HEX.parseHex(frame)))).isInstanceOf(FrameCounter.Fault.class);
    }

    @Test
    void compressionThatWasNotAgreedOnIsRefused() {
        FrameCounter plain = new FrameCounter(false, null);
        assertThatThrownBy(() -> plain.receive(Unpooled.wrappedBuffer(HEX.parseHex("c103010203")))).isInstanceOf(FrameCounter.Fault.class);
    }
}
