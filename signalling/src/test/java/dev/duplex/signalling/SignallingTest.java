package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Conversation;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.testkit.Fault;
import dev.duplex.testkit.FaultProxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.jr.ob.JSON;

/** The endpoint on a server, over sockets. */
@Timeout(120)
class SignallingTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Signalling signalling = Signalling.builder().build();
    private final WebSocketServer server =
            WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/signal/{room}", signalling).start();

    @AfterEach
    void end() {
        server.close(Duration.ofSeconds(5));
        signalling.close();
    }

    private Conversation connect(int port) {
        return WebSocketClient.connect("ws://127.0.0.1:" + port + "/signal/tea");
    }

    private static Map<String, Object> hear(Conversation peer, String type) throws Exception {
        Map<String, Object> heard = JSON.std.mapFrom(peer.receive(SOON).text());
        assertThat(heard).containsEntry("type", type);
        return heard;
    }

    private static Map<String, Object> join(Conversation peer, String name) throws Exception {
        peer.send("{\"type\":\"join\",\"name\":\"" + name + "\"}");
        return hear(peer, "joined");
    }

    @Test
    void twoPeersFindEachOtherAndPassAnOffer() throws Exception {
        try (Conversation ada = connect(server.port()); Conversation bob = connect(server.port())) {
            join(ada, "Ada");
            join(bob, "Bob");
            hear(ada, "arrived");
            ada.send("{\"type\":\"offer\",\"to\":\"Bob\",\"sdp\":\"v=0\"}");
            assertThat(hear(bob, "offer")).containsEntry("sdp", "v=0");
            bob.connection().close();
            hear(ada, "left");
        }
    }

    @Test
    void aConnectionThatIsResetLeavesASeatThatCanBeResumed() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server.port()); Conversation ada = connect(server.port()); Conversation bob = connect(proxy.port())) {
            join(ada, "Ada");
            Object token = join(bob, "Bob").get("token");
            hear(ada, "arrived");
            proxy.reset();
            hear(ada, "away");
            try (Conversation again = connect(proxy.port())) {
                again.send("{\"type\":\"resume\",\"token\":\"" + token + "\"}");
                hear(again, "resumed");
                hear(ada, "back");
            }
            hear(ada, "left");
        }
    }

    /** The clock runs: what it does to a lease in the end is told by {@link LeaseTest} without waiting. */
    @Test
    void whoDoesNotJoinIsTurnedAwayWhenItsTimeIsOver() throws Exception {
        long openedNanos = System.nanoTime();
        try (Conversation silent = connect(server.port())) {
            assertThatThrownBy(() -> silent.receive(SOON)).isInstanceOfSatisfying(ClosedException.class,
                    end -> assertThat(end.reason()).extracting(CloseReason::code, CloseReason::text).containsExactly(1008, "nobody joined within 10 s"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - openedNanos)).isBetween(Duration.ofSeconds(9), SOON);
    }

    /** This takes as long as the lease. */
    @Tag("soak")
    @Test
    void aDeadLineIsFoundWithin33Seconds() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server.port()); Conversation ada = connect(server.port()); Conversation bob = connect(proxy.port())) {
            join(ada, "Ada");
            join(bob, "Bob");
            hear(ada, "arrived");
            proxy.toServer().now(Fault.VANISH);
            proxy.toClient().now(Fault.VANISH);
            long cutNanos = System.nanoTime();
            assertThat(JSON.std.mapFrom(ada.receive(Duration.ofSeconds(60)).text())).containsEntry("type", "left");
            assertThat(Duration.ofNanos(System.nanoTime() - cutNanos)).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(50));
            proxy.cut();
        }
    }

    @Test
    void aNameOfARoomThatNobodyCanReadIsRefused() {
        assertThatThrownBy(() -> WebSocketClient.connect("ws://127.0.0.1:" + server.port() + "/signal/" + "x".repeat(33)))
                .isInstanceOfSatisfying(ConnectFailedException.class, refused -> assertThat(refused.status()).hasValue(400));
    }
}
