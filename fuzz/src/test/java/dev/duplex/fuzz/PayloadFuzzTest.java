package dev.duplex.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Any payload: UTF-8 as the JDK judges it, Close as the RFC does, and compression that gives back what it was given. */
class PayloadFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void textIsJudgedAsTheJdkJudgesIt(byte[] bytes) {
        Engine server = new Engine(Role.SERVER, Limits.defaults(), null);
        for (byte[] piece : List.of(TestFrames.masked(0x01, Arrays.copyOf(bytes, bytes.length / 2)),
                TestFrames.masked(0x80, Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length)))) {
            server.receive(piece);
        }
        if (isUtf8(bytes)) {
            assertThat(server.events).containsExactly(Message.text(new String(bytes, StandardCharsets.UTF_8)));
        } else {
            assertThat(server.protocol.closeReason().code()).isEqualTo(CloseReason.INVALID_PAYLOAD);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aClosePayloadIsAnsweredByItsCodeOrByAViolation(byte[] bytes) {
        if (bytes.length > 125) {
            return;
        }
        Engine server = new Engine(Role.SERVER, Limits.defaults(), null).receive(TestFrames.masked(0x88, bytes));
        CloseReason reason = server.protocol.closeReason();
        if (bytes.length == 0) {
            assertThat(reason.code()).isEqualTo(CloseReason.NO_CODE);
            return;
        }
        int code = bytes.length < 2 ? -1 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
        boolean isText = bytes.length >= 2 && isUtf8(Arrays.copyOfRange(bytes, 2, bytes.length));
        int expected = !CloseReason.isSendable(code) ? CloseReason.PROTOCOL_ERROR : isText ? code : CloseReason.INVALID_PAYLOAD;
        assertThat(reason.code()).isEqualTo(expected);
        assertThat(CloseReason.isSendable(ByteBuffer.wrap(server.output()).getShort(2))).isTrue();
    }

    @FuzzTest(maxDuration = "60s")
    void whatIsCompressedComesBack(FuzzedDataProvider data) {
        DeflateParameters parameters = new DeflateParameters(data.consumeBoolean(), data.consumeBoolean(), data.consumeInt(8, 15), data.consumeInt(8, 15));
        DeflateOptions options = DeflateOptions.defaults().withThresholdBytes(0).withLevel(data.consumeInt(1, 9));
        int cut = data.consumeInt(1, 5000);
        Engine client = new Engine(Role.CLIENT, Limits.defaults(), PerMessageDeflate.of(Role.CLIENT, parameters, options));
        Engine server = new Engine(Role.SERVER, Limits.defaults(), PerMessageDeflate.of(Role.SERVER, parameters, options));
        for (int i = 0; i < 4 && data.remainingBytes() > 0; i++) {
            byte[] piece = data.consumeBytes(3000);
            int times = data.consumeInt(1, 20);
            ByteBuffer repeated = ByteBuffer.allocate(piece.length * times);
            for (int t = 0; t < times; t++) {
                repeated.put(piece);
            }
            Message message = Message.binary(repeated.array());
            client.protocol.send(message);
            assertThat(server.receiveCut(client.output(), cut).events).last().isEqualTo(message);
        }
        client.end();
        server.end();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
