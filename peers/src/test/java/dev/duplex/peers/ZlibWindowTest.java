package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Node's zlib, its window as small as was agreed, reads what our server compresses (RFC 7692 §7.1.2). */
class ZlibWindowTest {
    private static final int[] SIZES = {0, 1, 100, 255, 256, 257, 511, 512, 513, 1023, 1025, 5000, 40_000, 3, 70_000};

    /** Inflates in steps of 64 bytes, so that what has left the window is really gone; prints the SHA-256 of all. */
    private static final String READER = """
        const zlib = require('zlib'), hash = require('crypto').createHash('sha256');
        const [bits, keeps, ...payloads] = require('fs').readFileSync(0, 'latin1').trimEnd().split('\\n');
        const open = () => zlib.createInflateRaw({ windowBits: +bits, chunkSize: 64 }).on('data', (chunk) => hash.update(chunk))
          .on('error', (e) => { console.log(e.message); process.exit(1); });
        (async () => {
          let inflate = open();
          for (const payload of payloads) {
            const message = Buffer.from(payload + '0000ffff', 'hex');
            await new Promise((done) => inflate.write(message, () => inflate.flush(done)));
            if (keeps === 'false') inflate = open();
          }
          console.log(hash.digest('hex'));
        })();
        """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"8, true", "8, false", "9, true", "9, false", "10, true", "12, false", "14, true", "15, true"})
    void zlibWithTheAgreedWindowReadsAll(int windowBits, boolean takeover) throws Exception {
        List<byte[]> messages = messages();
        assertThat(read(windowBits, takeover, compressed(windowBits, takeover, messages))).containsExactly(digest(messages));
    }

    @Test
    void zlibWithASmallerWindowFails() throws Exception {
        assertThat(read(9, true, compressed(10, true, messages()))).containsExactly("invalid distance too far back");
    }

    private static List<String> compressed(int windowBits, boolean takeover, List<byte[]> messages) {
        List<String> payloads = new ArrayList<>();
        List<ByteBuffer> rooms = new ArrayList<>();
        PerMessageDeflate deflate = PerMessageDeflate.of(Role.SERVER,
                new DeflateParameters(!takeover, !takeover, windowBits, windowBits), DeflateOptions.defaults().withThresholdBytes(0));
        WebSocketProtocol server = new WebSocketProtocol(Role.SERVER, Limits.defaults(), deflate, bytes -> {
            rooms.add(ByteBuffer.allocate(bytes));
            return rooms.getLast();
        });
        for (byte[] message : messages) {
            server.send(Message.binary(message));
            StringBuilder frame = new StringBuilder();
            rooms.forEach(room -> frame.append(HexFormat.of().formatHex(room.array())));
            rooms.clear();
            int second = Integer.parseInt(frame.substring(2, 4), 16);
            payloads.add(frame.substring(2 * (second < 126 ? 2 : second == 126 ? 4 : 10)));
        }
        deflate.release();
        return payloads;
    }

    /** Bytes without order, repeated at distances about those at which a window ends. */
    private static List<byte[]> messages() {
        Random random = new Random(32);
        List<byte[]> messages = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            for (int size : SIZES) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                int distance = (1 << 7 + random.nextInt(9)) - 5 + random.nextInt(10);
                for (int i = distance; i < size; i++) {
                    bytes[i] = random.nextInt(40) == 0 ? bytes[i] : bytes[i - distance];
                }
                messages.add(bytes);
                messages.add(Arrays.copyOfRange(bytes, size / 3, size / 2));
            }
        }
        return messages;
    }

    private List<String> read(int windowBits, boolean takeover, List<String> payloads) throws IOException, InterruptedException {
        Path input = directory.resolve("payloads");
        Path output = directory.resolve("digest");
        Files.writeString(input, windowBits + "\n" + takeover + "\n" + String.join("\n", payloads) + "\n");
        try {
            new ProcessBuilder("node", "-e", READER)
                    .redirectInput(input.toFile()).redirectOutput(output.toFile()).redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            Assumptions.abort("node is not installed");
        }
        return Files.readAllLines(output);
    }

    private static String digest(List<byte[]> messages) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        messages.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }
}
