package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Group F: what must not be foreseen, and time that must not jump. */
class ChanceRowsTest {
    private static final int KEYS = 1_000_000;

    /** Masking keys as they stand on the wire, one for each frame. */
    private static int[] keys() {
        int[] keys = new int[KEYS];
        ByteBuffer wire = ByteBuffer.allocate(64);
        WebSocketProtocol client = new WebSocketProtocol(Role.CLIENT, Limits.defaults(), null, bytes -> wire);
        for (int i = 0; i < KEYS; i++) {
            wire.clear();
            client.send(Message.binary(new byte[] {0}));
            keys[i] = wire.getInt(2);
        }
        return keys;
    }

    @Test
    @Row("F1")
    void f1MaskingKeysAreDrawnAfreshByNothingThatCanBeForeseen() throws IOException {
        int[] keys = keys();
        // Of a million from four thousand million, 116 pairs are alike by chance; 200 would be so in none of 10¹⁰ runs.
        int[] sorted = keys.clone();
        Arrays.sort(sorted);
        int alike = 0;
        for (int i = 1; i < KEYS; i++) {
            alike += sorted[i] == sorted[i - 1] ? 1 : 0;
        }
        assertThat(alike).isLessThan(200);
        for (int bit = 0; bit < 32; bit++) {
            int ones = 0;
            for (int key : keys) {
                ones += key >>> bit & 1;
            }
            assertThat(ones).as("bit %d", bit).isBetween(KEYS / 2 - 5000, KEYS / 2 + 5000);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(isNextOfRandom(keys[i], keys[i + 1])).as("key %d foretells the next", i).isFalse();
        }
        assertThat(ClassFiles.speakingOf(WebSocketProtocol.class, "java/util/Random", "ThreadLocalRandom", "SplittableRandom", "java/lang/Math.random"))
                .isEmpty();
        assertThat(ClassFiles.speakingOf(WebSocketProtocol.class, "java/security/SecureRandom")).contains("MaskKeys", "ClientHandshake");
    }

    /** Whether a java.util.Random that gave one of two numbers could have given the other next. */
    private static boolean isNextOfRandom(int one, int next) {
        for (long low = 0; low < 1 << 16; low++) {
            long seed = (one & 0xffffffffL) << 16 | low;
            long following = seed * 0x5DEECE66DL + 0xBL & (1L << 48) - 1;
            if ((int) (following >>> 16) == next) {
                return true;
            }
        }
        return false;
    }

    @Test
    @Row("F1")
    void f1NoNonceIsUsedTwice() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            keys.add(ClientHandshake.of(URI.create("ws://h/"), List.of(), Optional.empty(), Headers.empty())
                    .request().headers().first("Sec-WebSocket-Key").orElseThrow());
        }
        assertThat(keys).hasSize(100_000);
    }

    @Test
    @Row("F13")
    void f13NobodyAsksTheWallClockWhatIsOverdue() throws IOException {
        String[] clocks = {"currentTimeMillis", "java/time/Instant", "java/time/Clock", "java/util/Date", "java/time/LocalDateTime"};
        assertThat(ClassFiles.speakingOf(WebSocketProtocol.class, clocks)).isEmpty();
        assertThat(ClassFiles.speakingOf(Connection.class, clocks)).isEmpty();
        // The Date of an answer, and the days of a certificate: nothing is overdue by them.
        assertThat(ClassFiles.speakingOf(WebSocketServer.class, clocks)).containsExactlyInAnyOrder("ReplyWriter", "SelfSigned");
    }
}
