package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginePacketsTest {
    private static final String TWO = "4hello\u001ebAQIDBA==";

    @Test
    void packetsStandTogetherInABody() {
        assertThat(EnginePackets.parse(TWO.getBytes(StandardCharsets.UTF_8)))
                .contains(List.of(Message.text("4hello"), Message.binary((byte) 1, (byte) 2, (byte) 3, (byte) 4)));
        assertThat(EnginePackets.answer(List.of(EnginePackets.ofMessage(Message.text("hello")), Message.binary((byte) 1, (byte) 2, (byte) 3, (byte) 4))).body())
                .asString(StandardCharsets.UTF_8).isEqualTo(TWO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "7", "4a\u001e", "\u001e4a", "b=", "b!!!!"})
    void whatIsNoPacketIsNone(String body) {
        assertThat(EnginePackets.parse(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void whatIsNotUtf8IsNone() {
        assertThat(EnginePackets.parse(new byte[] {'4', (byte) 0xff})).isEmpty();
    }
}
