package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.deflateInPieces;
import static dev.duplex.protocol.DeflateWire.end;
import static dev.duplex.protocol.DeflateWire.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No reference reaches further back than was agreed (RFC 7692 §7.1.2): proven by a reader of our own, and by zlib's. */
class DeflateWindowTest {
    private static final int[] SIZES = {0, 1, 100, 156, 255, 256, 257, 511, 512, 513, 1023, 1025, 5000, 40_000, 3, 70_000};

    /** Inflates in steps of 64 bytes, so that what has left zlib's window is really gone; prints the SHA-256 of all. */
    private static final String NODE_READER = """
        const zlib = require('zlib'), hash = require('crypto').createHash('sha256');
        const [bits, keeps, ...payloads] = require('fs').readFileSync(0, 'latin1').trimEnd().split('\\n');
        const open = () => zlib.createInflateRaw({ windowBits: +bits, chunkSize: 64 }).on('data', (chunk) => hash.update(chunk))
          .on('error', (e) => { console.log(e.message); process.exit(1); });
        (async () => {
          let inflate = open();
          for (const payload of payloads) {
            const message = Buffer.from(payload.replaceAll(' ', '') + '0000ffff', 'hex');
            await new Promise((done) => inflate.write(message, () => inflate.flush(done)));
            if (keeps === 'false') inflate = open();
          }
          console.log(hash.digest('hex'));
        })();
        """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"8, true", "8, false", "9, true", "9, false", "10, true", "11, false", "12, true", "13, false", "14, true", "15, true"})
    void noReferenceReachesFurtherBackThanAgreed(int windowBits, boolean takeover) {
        PerMessageDeflate from = end(Role.SERVER, takeover, windowBits);
        DeflateReader reader = new DeflateReader();
        for (byte[] message : messages()) {
            byte[] payload = deflateInPieces(from, message, 1 + message.length / 3);
            assertThat(reader.read(payload)).isEqualTo(message);
        }
        from.release();
        assertThat(reader.farthest()).isLessThan(1 << windowBits);
        assertThat(reader.farthest()).as("the window is made use of").isGreaterThan((1 << windowBits) / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12})
    void whatRepeatsJustBeyondTheWindowIsNotReferredTo(int windowBits) {
        byte[] message = new byte[4 << windowBits];
        new Random(windowBits).nextBytes(message);
        int period = (1 << windowBits) + 1;
        for (int i = period; i < message.length; i++) {
            message[i] = message[i - period];
        }
        for (boolean takeover : new boolean[] {false, true}) {
            PerMessageDeflate from = end(Role.SERVER, takeover, windowBits);
            DeflateReader reader = new DeflateReader();
            for (int pieceBytes : new int[] {message.length, 7, period}) {
                assertThat(reader.read(deflateInPieces(from, message, pieceBytes))).isEqualTo(message);
            }
            from.release();
            assertThat(reader.farthest()).isLessThan(period);
        }
    }

    @Test
    void theReaderSeesAReferenceThatReachesTooFar() {
        PerMessageDeflate from = end(Role.SERVER, true, 10);
        DeflateReader reader = new DeflateReader();
        for (byte[] message : messages()) {
            assertThat(reader.read(deflateInPieces(from, message, 70_000))).isEqualTo(message);
        }
        from.release();
        assertThat(reader.farthest()).isGreaterThan(512);
    }

    @ParameterizedTest
    @CsvSource({"8, true", "8, false", "9, true", "9, false", "10, true", "12, false", "14, true", "15, true"})
    void zlibWithTheAgreedWindowReadsAll(int windowBits, boolean takeover) throws Exception {
        List<byte[]> messages = messages();
        assertThat(readByNode(windowBits, takeover, payloads(windowBits, takeover, messages))).containsExactly(digest(messages));
    }

    @Test
    void zlibWithASmallerWindowFails() throws Exception {
        List<byte[]> messages = messages();
        assertThat(readByNode(9, true, payloads(10, true, messages))).containsExactly("invalid distance too far back");
    }

    private static List<String> payloads(int windowBits, boolean takeover, List<byte[]> messages) {
        PerMessageDeflate from = end(Role.CLIENT, takeover, windowBits);
        List<String> payloads = messages.stream().map(m -> hex(deflateInPieces(from, m, 1 + m.length / 2))).toList();
        from.release();
        return payloads;
    }

    /** Bytes without order, repeated after each distance at which a window could end. */
    private static List<byte[]> messages() {
        Random random = new Random(32);
        List<byte[]> messages = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int size : SIZES) {
                messages.add(repeating(random, size, 1 << 7 + random.nextInt(9)));
                messages.add(PerMessageDeflateTest.bytesLikeText(random, size / 2));
            }
        }
        return messages;
    }

    private static byte[] repeating(Random random, int size, int about) {
        byte[] bytes = new byte[size];
        int distance = Math.max(1, about - 5 + random.nextInt(10));
        for (int i = 0; i < size; i++) {
            bytes[i] = i < distance || random.nextInt(40) == 0 ? (byte) random.nextInt() : bytes[i - distance];
        }
        return bytes;
    }

    private List<String> readByNode(int windowBits, boolean takeover, List<String> payloads) throws IOException, InterruptedException {
        Path input = directory.resolve("payloads");
        Path output = directory.resolve("digest");
        Files.writeString(input, windowBits + "\n" + takeover + "\n" + String.join("\n", payloads) + "\n");
        Process node;
        try {
            node = new ProcessBuilder("node", "-e", NODE_READER)
                    .redirectInput(input.toFile()).redirectOutput(output.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("node is not installed");
            throw e;
        }
        node.waitFor();
        return Files.readAllLines(output);
    }

    private static String digest(List<byte[]> messages) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        messages.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }
}
