package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Any body of a request as packets of Engine.IO: all of them or none, not too many, and they read the same when written again. */
class EnginePacketsFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void aBodyIsAllItsPacketsOrNone(byte[] body) {
        List<Message> packets = new ArrayList<>();
        boolean isWhole = EnginePackets.read(body, packets::add);
        List<Message> expected = byHand(body);
        boolean isTooMany = expected != null && expected.size() > EnginePackets.MAX_PACKETS + body.length / EnginePackets.BYTES_PER_PACKET;
        assertThat(isWhole).isEqualTo(expected != null && !isTooMany);
        if (!isWhole) {
            assertThat(packets).as("handed over in spite of what follows").isEmpty();
            return;
        }
        assertThat(packets).isEqualTo(expected);
        List<Message> again = new ArrayList<>();
        assertThat(EnginePackets.read(EnginePackets.answer(packets).body(), again::add)).isTrue();
        assertThat(again).isEqualTo(packets);
    }

    /** Null if one of them is none. */
    private static List<Message> byHand(byte[] body) {
        List<Message> packets = new ArrayList<>();
        try {
            for (String packet : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString().split("\u001e", -1)) {
                if (packet.startsWith("b")) {
                    packets.add(Message.binary(Base64.getDecoder().decode(packet.substring(1))));
                } else if (packet.matches("(?s)[0-6].*")) {
                    packets.add(Message.text(packet));
                } else {
                    return null;
                }
            }
            return packets;
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return null;
        }
    }
}
