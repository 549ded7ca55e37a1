package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginePacketsTest {
    private static final String TWO = "4hello\u001ebAQIDBA==";

    private static Optional<List<Message>> parsed(byte[] body) {
        List<Message> packets = new ArrayList<>();
        boolean areAllPackets = EnginePackets.read(body, packets::add);
        assertThat(areAllPackets || packets.isEmpty()).as("all or none").isTrue();
        return areAllPackets ? Optional.of(packets) : Optional.empty();
    }

    @Test
    void packetsStandTogetherInABody() {
        assertThat(parsed(TWO.getBytes(StandardCharsets.UTF_8)))
                .contains(List.of(Message.text("4hello"), Message.binary((byte) 1, (byte) 2, (byte) 3, (byte) 4)));
        assertThat(EnginePackets.answer(List.of(EnginePackets.ofMessage(Message.text("hello")), Message.binary((byte) 1, (byte) 2, (byte) 3, (byte) 4))).body())
                .asString(StandardCharsets.UTF_8).isEqualTo(TWO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "7", "4a\u001e", "\u001e4a", "b=", "b!!!!", "4a\u001e4b\u001e7"})
    void whatIsNoPacketIsNone(String body) {
        assertThat(parsed(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    /** 1,092 packets of one byte are 2,183 bytes with their separators, which earn 68. */
    @Test
    void aBodyHoldsSoManyPacketsAndOneMoreForEach32Bytes() {
        int most = EnginePackets.MAX_PACKETS + 68;
        assertThat(parsed(String.join("\u001e", Collections.nCopies(most, "4")).getBytes(StandardCharsets.UTF_8)).orElseThrow()).hasSize(most);
        assertThat(parsed(String.join("\u001e", Collections.nCopies(most + 1, "4")).getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(parsed(String.join("\u001e", Collections.nCopies(20_000, "4" + "x".repeat(30))).getBytes(StandardCharsets.UTF_8)).orElseThrow())
                .hasSize(20_000);
    }

    @Test
    void whatIsNotUtf8IsNone() {
        assertThat(parsed(new byte[] {'4', (byte) 0xff})).isEmpty();
    }
}
