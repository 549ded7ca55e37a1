package dev.duplex.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.signalling.Signalling;
import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows of groups D and E that signalling rooms must stand. */
@Timeout(120)
class SignallingRowsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int GHOSTS = 1000;

    private final Signalling signalling = Signalling.builder().build();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.endpoint("/signal/{room}", signalling));

    @AfterEach
    void end() {
        signalling.close();
    }

    private Conversation connect() {
        return WebSocketClient.connect("ws://127.0.0.1:" + target.port() + "/signal/tea");
    }

    private static String join(String name) {
        return "{\"type\":\"join\",\"name\":\"" + name + "\"}";
    }

    /** Opening, joining and Close in one segment: the end comes as early as it can. */
    @Test
    @Row("D10")
    void d10NobodyIsLeftInARoomWhoLeftWhileJoining() throws Exception {
        for (int i = 0; i < GHOSTS; i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(RawSocket.opening("/signal/tea", "").getBytes(UTF_8));
            all.writeBytes(Frames.masked(TEXT, join("ghost " + i).getBytes(UTF_8)));
            all.writeBytes(Frames.masked(CLOSE, Frames.hex("03e8")));
            try (RawSocket ghost = target.connect().say(all.toByteArray())) {
                ghost.rest();
            } catch (SocketException alreadyGone) {
                continue;
            }
        }
        try (Conversation observer = connect()) {
            String answer = "too-fast";
            while (answer.contains("too-fast")) { // so many came and went that the room lets nobody in for a moment
                observer.send(join("observer"));
                answer = observer.receive(SOON).text();
                Thread.sleep(20);
            }
            assertThat(answer).contains("\"joined\"", "\"peers\":[]");
        }
    }

    @Test
    @Row("D11")
    void d11JsonThatIsDeepLongOrOfWrongTypesIsAnErrorMessage() throws Exception {
        try (Conversation ada = connect(); Conversation mal = connect()) {
            ada.send(join("Ada"));
            ada.receive(SOON);
            List<String> hostile = List.of("[".repeat(60_000), "{\"a\":".repeat(12_000), "{\"type\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}",
                    "{\"x\":[" + "{},".repeat(20_000) + "{}]}", "{\"type\":{}}", "{\"type\":\"offer\",\"to\":[],\"sdp\":{}}", "\"", "\\ud800",
                    "{\"type\":\"join\",\"name\":{\"toString\":\"x\"}}", "{\"__proto__\":{\"type\":\"leave\"}}", "1".repeat(60_000),
                    "{\"type\":\"join\",\"name\":\"" + "x".repeat(900_000) + "\"}");
            for (String json : hostile) {
                mal.send(json);
                assertThat(mal.receive(SOON).text()).startsWith("{\"type\":\"error\"");
            }
            mal.send(join("Mal"));
            assertThat(mal.receive(SOON).text()).contains("\"joined\"");
            assertThat(ada.receive(SOON).text()).contains("\"arrived\"");
        }
    }

    @Test
    @Row("E5")
    void e5ATokenIs128BitsThatNobodyCanGuess() throws Exception {
        Set<String> tokens = new HashSet<>();
        long[] ones = new long[128];
        for (int i = 0; i < 200; i++) {
            try (Conversation peer = WebSocketClient.connect("ws://127.0.0.1:" + target.port() + "/signal/room" + i)) {
                peer.send(join("Ada"));
                Matcher token = Pattern.compile("\"token\":\"([0-9a-f]{32})\"").matcher(peer.receive(SOON).text());
                assertThat(token.find()).isTrue();
                tokens.add(token.group(1));
                byte[] bits = Frames.hex(token.group(1));
                for (int bit = 0; bit < ones.length; bit++) {
                    ones[bit] += bits[bit / 8] >> (bit % 8) & 1;
                }
            }
        }
        assertThat(tokens).hasSize(200);
        assertThat(Arrays.stream(ones)).as("each bit is drawn: 200 times, seven deviations from the middle").allMatch(count -> Math.abs(count - 100) < 50);
    }
}
