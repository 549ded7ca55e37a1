package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.deflate;
import static dev.duplex.protocol.DeflateWire.deflateInPieces;
import static dev.duplex.protocol.DeflateWire.end;
import static dev.duplex.protocol.DeflateWire.hex;
import static dev.duplex.protocol.DeflateWire.inflate;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerMessageDeflateTest {
    private static final byte[] HELLO = "Hello".getBytes(US_ASCII);
    private final PerMessageDeflate client = end(Role.CLIENT, false, 15);
    private final PerMessageDeflate server = end(Role.SERVER, false, 15);
    private final PerMessageDeflate keepingClient = end(Role.CLIENT, true, 15);
    private final PerMessageDeflate keepingServer = end(Role.SERVER, true, 15);

    private final int lentBefore = ZlibPool.live() - ZlibPool.idle();

    @AfterEach
    void everyCompressorIsGivenBack() {
        client.release();
        server.release();
        keepingClient.release();
        keepingServer.release();
        assertThat(ZlibPool.live() - ZlibPool.idle()).isEqualTo(lentBefore);
    }

    @Rfc(number = 7692, section = "7.2.3.1", rule = "the RFC's compressed Hello is written and read")
    @Test
    void helloIsCompressedAsInTheRfc() throws DataFormatException {
        assertThat(hex(deflate(server, HELLO))).isEqualTo("f2 48 cd c9 c9 07 00");
        assertThat(inflate(client, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.2.3.2", rule = "with context takeover a message may refer to earlier ones")
    @Test
    void theSecondHelloIsAReferenceToTheFirst() throws DataFormatException {
        assertThat(hex(deflate(keepingServer, HELLO))).isEqualTo("f2 48 cd c9 c9 07 00");
        assertThat(hex(deflate(keepingServer, HELLO))).isEqualTo("f2 00 11 00 00");
        assertThat(inflate(keepingClient, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(HELLO);
        assertThat(inflate(keepingClient, hex("f2 00 11 00 00"))).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.1.1", rule = "without context takeover each message is compressed anew")
    @Test
    void withoutTakeoverTheSecondHelloIsLikeTheFirst() {
        assertThat(hex(deflate(client, HELLO))).isEqualTo("f2 48 cd c9 c9 07 00");
        assertThat(hex(deflate(client, HELLO))).isEqualTo("f2 48 cd c9 c9 07 00");
    }

    @Rfc(number = 7692, section = "7.1.1", rule = "without context takeover a reference to an earlier message is refused")
    @Test
    void withoutTakeoverNothingMayReferToAnEarlierMessage() throws DataFormatException {
        assertThat(inflate(client, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(HELLO);
        assertThatThrownBy(() -> inflate(client, hex("f2 00 11 00 00"))).isInstanceOf(DataFormatException.class);
    }

    @Rfc(number = 7692, section = "7.2.3.3", rule = "a block without compression is read")
    @Test
    void aBlockWithoutCompressionIsRead() throws DataFormatException {
        assertThat(inflate(client, hex("00 05 00 fa ff 48 65 6c 6c 6f 00"))).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.2.3.4", rule = "a final block ends neither the message nor the window")
    @Test
    void aFinalBlockIsRead() throws DataFormatException {
        assertThat(inflate(client, hex("f3 48 cd c9 c9 07 00 00"))).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.2.3.5", rule = "a message of several blocks is read")
    @Test
    void twoBlocksAreRead() throws DataFormatException {
        assertThat(inflate(client, hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.2.3.6", rule = "an empty message is the single byte 00")
    @Test
    void anEmptyMessageIsASingleByte() throws DataFormatException {
        assertThat(hex(deflate(server, new byte[0]))).isEqualTo("00");
        assertThat(hex(deflate(keepingServer, HELLO))).isEqualTo("f2 48 cd c9 c9 07 00");
        assertThat(hex(deflate(keepingServer, new byte[0]))).isEqualTo("00");
        assertThat(inflate(client, hex("00"))).isEmpty();
    }

    @Rfc(number = 7692, section = "7.2.3.4", rule = "a final block ends neither the message nor the window")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterAFinalBlockTheMessageAndItsWindowGoOn(boolean takeover) throws DataFormatException {
        PerMessageDeflate end = takeover ? keepingClient : client;
        String message = "f3 48 cd c9 c9 07 00 f2 00 11 00 00 00 00 ff ff f3 00 11 00 00";
        for (int step : new int[] {1, 2, 5, 7, 100}) {
            assertThat(inflate(end, hex(message), 100, step)).asString().isEqualTo("HelloHelloHello");
            assertThat(inflate(end, hex(message), 1, step)).asString().isEqualTo("HelloHelloHello");
        }
    }

    @Rfc(number = 7692, section = "7.2.3.4", rule = "a final block ends neither the message nor the window")
    @Test
    void afterAMessageWithAFinalBlockTheWindowStays() throws DataFormatException {
        assertThat(inflate(keepingClient, hex("f3 48 cd c9 c9 07 00 00"))).isEqualTo(HELLO);
        assertThat(inflate(keepingClient, hex("f2 00 11 00 00"))).isEqualTo(HELLO);
        assertThat(inflate(keepingClient, hex("f2 00 11 00 00"))).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @CsvSource({"01, the last block is both final and the empty one", "f3 48 cd c9 c9 07 00, the stream of a message may just be finished"})
    void aMessageMayEndWithAFinalBlock(String payload, String why) throws DataFormatException {
        for (PerMessageDeflate end : new PerMessageDeflate[] {client, keepingClient}) {
            assertThat(inflate(end, hex(payload))).as(why).hasSize(payload.equals("01") ? 0 : 5);
            assertThat(inflate(end, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(HELLO);
        }
    }

    @Test
    void aFloodOfFinalBlocksIsRefused() {
        byte[] flood = new byte[20_000];
        for (int i = 0; i < flood.length; i += 2) {
            flood[i] = 3; // final, fixed codes; with the next byte's two bits: end of block
        }
        assertThatThrownBy(() -> inflate(client, flood)).isInstanceOf(DataFormatException.class).hasMessageContaining("final blocks");
    }

    @Test
    void emptyBlocksAndEmptyFragmentsGiveNothing() throws DataFormatException {
        assertThat(inflate(client, new byte[0])).isEmpty();
        assertThat(inflate(client, hex("00 00 00 ff ff 00 00 00 ff ff 02 00 00 00 ff ff 00"))).isEmpty();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String fragment : new String[] {"", "f2 48 cd", "", "c9 c9 07 00", ""}) {
            client.feed(fragment.isEmpty() ? new byte[0] : hex(fragment), 0, (fragment.length() + 1) / 3, false);
            DeflateWire.drain(client, 10, all);
        }
        client.feed(new byte[0], 0, 0, true);
        DeflateWire.drain(client, 10, all);
        assertThat(all.toByteArray()).isEqualTo(HELLO);
    }

    @Rfc(number = 7692, section = "7.2.2", rule = "data that is not DEFLATE, or does not end with its tail, is refused")
    @ParameterizedTest
    @CsvSource({
        "06, block type 3", "07, final block type 3", "ff ff ff, garbage",
        "00 05 00 00 00 48 65 6c 6c 6f 00, a stored block whose complement is wrong",
        "f2 00 11 00 00, a reference to nothing",
        "f2 48 cd c9 c9 07 00 00 00 ff ff, the tail left on",
        "f2 48 cd c9 c9 07 00 05, data after the end",
        "00 05 00 fa ff 48 65 6c 6c 6f, a stored block with nothing behind",
        "00 09 00 f6 ff 48 65 6c 6c 6f, a stored block that would end with the tail",
        "01 0e 00 f1 ff 48 65 6c 6c 6f, a final stored block that would end with what comes after the tail"
    })
    void undecodableDataIsRefused(String payload, String why) {
        for (boolean takeover : new boolean[] {false, true}) {
            for (int bytes : new int[] {1, 1000}) {
                PerMessageDeflate end = end(Role.SERVER, takeover, 15);
                assertThatThrownBy(() -> inflate(end, hex(payload), bytes, bytes)).as(why).isInstanceOf(DataFormatException.class);
                end.release();
            }
        }
    }

    @Rfc(number = 7692, section = "7.2.2", rule = "data that is not DEFLATE, or does not end with its tail, is refused")
    @ParameterizedTest
    @ValueSource(ints = {Deflater.DEFAULT_STRATEGY, Deflater.HUFFMAN_ONLY, Deflater.FILTERED})
    void aMessageCutAnywhereIsRefused(int strategy) {
        byte[] text = "{\"kind\":\"quote\",\"symbol\":\"ABC\",\"bid\":101.25,\"ask\":101.50}".repeat(20).getBytes(US_ASCII);
        byte[] whole = deflateWith(strategy, text);
        for (int cut = 1; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            for (PerMessageDeflate end : new PerMessageDeflate[] {end(Role.CLIENT, false, 15), end(Role.CLIENT, true, 15)}) {
                assertThatThrownBy(() -> inflate(end, part)).as("cut at %d", cut).isInstanceOf(DataFormatException.class);
                end.release();
            }
        }
    }

    private static byte[] deflateWith(int strategy, byte[] text) {
        Deflater deflater = new Deflater(6, true);
        deflater.setStrategy(strategy);
        deflater.setInput(text);
        byte[] out = new byte[2 * text.length];
        int bytes = 0;
        while (bytes == 0) { // the first call may do no more than set the strategy
            bytes = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        }
        deflater.end();
        return Arrays.copyOf(out, bytes - 4);
    }

    @Rfc(number = 7692, section = "7.2", rule = "what is compressed comes back byte for byte, whatever the window, the pieces and the fragments")
    @ParameterizedTest
    @CsvSource({"false, 15", "true, 15", "false, 8", "true, 8", "false, 9", "true, 9", "true, 10", "false, 12", "true, 14"})
    void everySizeComesBackByteForByte(boolean takeover, int windowBits) throws DataFormatException {
        Random random = new Random(7692);
        PerMessageDeflate from = end(Role.SERVER, takeover, windowBits);
        PerMessageDeflate to = end(Role.CLIENT, takeover, windowBits);
        int[] steps = {1, 2, 3, 255, 256, 257, 4096, 16_384, 70_000};
        for (int size = 0; size <= 70_000; size += size < 300 ? 1 : 1 + random.nextInt(size / 8)) {
            byte[] message = bytesLikeText(random, size);
            byte[] payload = deflateInPieces(from, message, 1 + random.nextInt(size + 1));
            int fragment = 1 + random.nextInt(payload.length);
            int step = size > 5000 ? steps[3 + random.nextInt(6)] : steps[random.nextInt(9)];
            assertThat(inflate(to, payload, fragment, step)).as("size %d, step %d", size, step).isEqualTo(message);
        }
        from.release();
        to.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 16, 100, 4096, 8192, 16_383, 16_384, 16_385})
    void outputThatEndsAtTheBuffersEdgeIsWhole(int step) throws DataFormatException {
        for (int size = Math.max(0, 2 * step - 2); size <= 2 * step + 2; size++) {
            byte[] message = bytesLikeText(new Random(size), size);
            assertThat(inflate(client, deflate(server, message), 70_000, step)).isEqualTo(message);
        }
    }

    @Test
    void aPayloadMayBeCutAnywhere() throws DataFormatException {
        byte[] message = bytesLikeText(new Random(3), 700);
        byte[] payload = deflate(server, message);
        for (int cut = 0; cut <= payload.length; cut++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            client.feed(payload, 0, cut, false);
            DeflateWire.drain(client, 64, all);
            client.feed(payload, cut, payload.length - cut, true);
            DeflateWire.drain(client, 64, all);
            assertThat(all.toByteArray()).as("cut at %d", cut).isEqualTo(message);
        }
    }

    @Rfc(number = 7692, section = "7.2.1", rule = "what a fragment holds can be read before the next is sent")
    @Test
    void aPieceCanBeReadBeforeTheNextIsSent() throws DataFormatException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] first = new byte[64];
        int bytes = server.deflate(HELLO, 0, 5, false).get(first, 0, 11).position();
        client.feed(first, 0, bytes, false);
        DeflateWire.drain(client, 64, all);
        assertThat(all.toByteArray()).isEqualTo(HELLO);
        assertThat(server.deflate(HELLO, 0, 0, false).remaining()).isZero();
        assertThat(hex(deflate(server, new byte[0]))).isEqualTo("00");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6, 9})
    void theLevelIsTheOptions(int level) throws DataFormatException {
        byte[] message = bytesLikeText(new Random(1), 50_000);
        Deflater reference = new Deflater(level, true);
        reference.setInput(message);
        byte[] expected = new byte[60_000];
        int bytes = reference.deflate(expected, 0, expected.length, Deflater.SYNC_FLUSH);
        reference.end();
        PerMessageDeflate end = end(Role.SERVER, false, 15, DeflateWire.OPTIONS.withLevel(level));
        assertThat(deflate(end, message)).isEqualTo(Arrays.copyOf(expected, bytes - 4));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRoleCompressesByItsOwnParameters(Role role) {
        PerMessageDeflate end = PerMessageDeflate.of(role,
                new DeflateParameters(role == Role.CLIENT, role == Role.SERVER, role == Role.SERVER ? 9 : 15, role == Role.CLIENT ? 9 : 15),
                DeflateWire.OPTIONS);
        deflate(end, HELLO);
        assertThat(hex(deflate(end, HELLO))).as("takes the context over").isEqualTo("f2 00 11 00 00");
        assertThat(end.windowBits()).isEqualTo(9);
        assertThat(end.sharesMessages()).isFalse();
        end.release();
    }

    @Rfc(number = 7692, section = "6", rule = "a sender may leave a message uncompressed")
    @Test
    void smallMessagesAndThoseSentUncompressedAreLeftAlone() {
        PerMessageDeflate end = end(Role.SERVER, false, 15, DeflateOptions.defaults());
        assertThat(end.compresses(Message.binary(new byte[1023]))).isFalse();
        assertThat(end.compresses(Message.binary(new byte[1024]))).isTrue();
        assertThat(end.compresses(Message.text("x".repeat(1024)))).isTrue();
        assertThat(end.compresses(Message.text("x".repeat(1024)).uncompressed())).isFalse();
        assertThat(server.compresses(Message.binary())).isTrue();
    }

    static byte[] bytesLikeText(Random random, int size) {
        byte[] bytes = new byte[size];
        int alphabet = 2 + random.nextInt(250);
        for (int i = 0; i < size; i++) {
            boolean isCopy = i > 4 && random.nextInt(8) != 0;
            bytes[i] = isCopy ? bytes[i - 1 - random.nextInt(Math.min(i, 5))] : (byte) random.nextInt(alphabet);
        }
        return bytes;
    }
}
