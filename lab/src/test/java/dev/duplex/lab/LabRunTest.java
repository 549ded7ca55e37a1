package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.fallback.Fallback;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.DeflateOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lab against a server in this process: what it counts is so. */
class LabRunTest {
    private static final Feed FEED = new Feed(Direction.PUSH, 100, 200, Duration.ofMillis(500));
    private static WebSocketServer server;

    @BeforeAll
    static void start() {
        server = server(true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WebSocketServer server(boolean compresses) {
        ServerBuilder builder = builder();
        return (compresses ? builder.deflate(DeflateOptions.defaults().withThresholdBytes(0)) : builder).start();
    }

    private static ServerBuilder builder() {
        return WebSocketServer.builder()
                .host("127.0.0.1").port(0)
                .carrier(new Fallback())
                .endpoint("/lab/feed", new FeedEndpoint())
                .http(ServerFacts.PATH, query -> HttpAnswer.text(200, ServerFacts.told()));
    }

    private static LabPlan plan(List<Way> ways, List<Direction> directions, Network network) {
        return new LabPlan(ways, directions, FEED, URI.create("http://127.0.0.1:" + server.port()), true, network, Duration.ofMillis(100), false, List.of(),
                List.of());
    }

    private static LabReport run(LabPlan plan) throws InterruptedException {
        return new LabRun(plan, (done, all, way, feed) -> {}).run();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyCarrierDeliversEachMessageOnceAndInOrder(Way way) throws InterruptedException {
        LabReport report = run(plan(List.of(way), List.of(Direction.values()), Network.DIRECT));
        assertThat(report.feeds()).hasSize(3).allSatisfy(m -> {
            assertThat(m.unable()).isNull();
            assertThat(m.delivered()).isEqualTo(m.expected());
            assertThat(m.wrong()).isZero();
            assertThat(m.down().count()).isEqualTo(50);
            assertThat(m.counts().connections() + m.opening().connections()).isPositive();
        });
        assertThat(report.isFaultless()).isTrue();
        Measurement both = report.feeds().stream().filter(m -> m.feed().direction() == Direction.BOTH).findFirst().orElseThrow();
        assertThat(both.up().count()).isEqualTo(50);
    }

    /** Servers behind a proxy are told apart by what is asked for. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyCarrierAsksForTheServerByItsName(boolean secure) throws InterruptedException {
        ServerBuilder named = builder().deflate(DeflateOptions.defaults().withThresholdBytes(0)).hosts("localhost");
        try (WebSocketServer server = (secure ? named.tls(Tls.selfSigned()) : named).start()) {
            LabPlan plan = new LabPlan(List.of(Way.values()), List.of(Direction.PUSH), FEED.withDuration(Duration.ofMillis(100)), URI.create((secure ? "https" : "http") + "://localhost:" + server.port()), true,
                    Network.DIRECT, Duration.ofMillis(100), true, List.of(), List.of());
            assertThat(run(plan).feeds()).hasSize(Way.values().length).allSatisfy(m -> assertThat(m.unable()).isNull());
        }
    }

    @Test
    void theBytesOfAWebSocketAreThoseOfItsFrames() throws InterruptedException {
        Measurement push = run(plan(List.of(Way.WEBSOCKET), List.of(Direction.PUSH), Network.DIRECT)).feeds().getFirst();
        // 50 frames of 4 + 200 bytes came down: 200 needs the 16-bit length (RFC 6455 §5.2).
        assertThat(push.counts().bytesDown()).isEqualTo(50 * (4 + 200));
        // One masked frame went up, "start 0": 6 + 7 bytes.
        assertThat(push.counts().bytesUp()).isEqualTo(6 + 7);
        assertThat(push.counts().requests()).isZero();
        assertThat(push.opening().requests()).isEqualTo(1);
        assertThat(push.opening().connections()).isEqualTo(1);
        assertThat(push.overheadPerMessage()).isBetween(4.0, 5.0);
    }

    @Test
    void overHttp2AFrameOfItsOwnIsAroundEachMessage() throws InterruptedException {
        Measurement push = run(plan(List.of(Way.WEBSOCKET_H2), List.of(Direction.PUSH), Network.DIRECT)).feeds().getFirst();
        // 50 frames of 4 + 200 bytes, each behind a header of 9 (RFC 9113 §4.1) unless two left at once; and what HTTP/2 says of itself.
        assertThat(push.counts().bytesDown()).isBetween(50L * (4 + 200), 50L * (9 + 4 + 200) + 500);
        assertThat(push.counts().requests()).isZero();
        assertThat(push.opening().requests()).isEqualTo(1);
        assertThat(push.opening().connections()).isEqualTo(1);
    }

    @Test
    void compressionMakesTheSameFeedSmaller() throws InterruptedException {
        LabReport report = run(plan(List.of(Way.WEBSOCKET, Way.WEBSOCKET_COMPRESSED), List.of(Direction.PUSH), Network.DIRECT));
        assertThat(report.feeds().get(1).counts().bytesDown()).isLessThan(report.feeds().get(0).counts().bytesDown() * 9 / 10);
    }

    @Test
    void aServerThatDoesNotCompressIsSaidToBeSo() throws InterruptedException {
        try (WebSocketServer plain = server(false)) {
            LabPlan plan = new LabPlan(List.of(Way.WEBSOCKET_COMPRESSED), List.of(Direction.PUSH), FEED, URI.create("http://127.0.0.1:" + plain.port()), true,
                    Network.DIRECT, Duration.ofSeconds(1), false, List.of(), List.of());
            assertThat(run(plan).feeds().getFirst().unable()).contains("does not compress");
        }
    }

    @Test
    void delayAndLossShowInTheLatency() throws InterruptedException {
        Network network = new Network(Duration.ofMillis(30), 0.3);
        Measurement push = run(plan(List.of(Way.WEBSOCKET), List.of(Direction.PUSH), network)).feeds().getFirst();
        assertThat(push.delivered()).isEqualTo(push.expected());
        assertThat(push.wrong()).isZero();
        assertThat(push.down().percentile(0)).isGreaterThanOrEqualTo(Duration.ofMillis(29));
        assertThat(push.down().max()).as("three messages in ten wait for a retransmission").isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void sweepsMeasureEachSizeAndRate() throws InterruptedException {
        List<Integer> begun = new ArrayList<>();
        LabPlan plan = new LabPlan(List.of(Way.WEBSOCKET), List.of(), FEED.withDuration(Duration.ofMillis(200)),
                URI.create("http://127.0.0.1:" + server.port()), true, Network.DIRECT, Duration.ofSeconds(1), false, List.of(64, 1024), List.of(10, 100, 200));
        LabReport report = new LabRun(plan, (done, all, way, feed) -> {
            assertThat(all).isEqualTo(5);
            begun.add(done);
        }).run();
        assertThat(begun).containsExactly(0, 1, 2, 3, 4);
        assertThat(report.bySize()).extracting(m -> m.feed().sizeBytes()).containsExactly(64, 1024);
        assertThat(report.byRate()).extracting(m -> m.feed().perSecond()).containsExactly(10, 100, 200);
        assertThat(report.toMap()).containsKeys("date", "machine", "feeds", "by_size", "by_rate");
    }

    @Test
    void aServerWithoutALabIsNamed() {
        try (WebSocketServer other = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", opening -> null).start()) {
            LabPlan plan = new LabPlan(List.of(Way.WEBSOCKET), List.of(Direction.PUSH), FEED, URI.create("http://127.0.0.1:" + other.port()), true,
                    Network.DIRECT, Duration.ofSeconds(1), false, List.of(), List.of());
            assertThatThrownBy(() -> run(plan)).isInstanceOf(LabFailedException.class).hasMessageContaining("has no lab");
        }
    }
}
