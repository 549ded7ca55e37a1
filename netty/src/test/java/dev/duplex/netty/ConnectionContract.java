package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.CloseReport;
import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every carrier of a connection owes its two applications; each carrier runs it. */
public abstract class ConnectionContract extends CarriedConnections {
    @Test
    void messagesOfEverySizeComeBackAsTheyWere() throws Exception {
        for (String path : List.of("/echo", "/talk")) {
            try (Conversation c = client.converse(at(path))) {
                for (int size : new int[] {0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 1 << 20, 3 << 20}) {
                    byte[] bytes = new byte[size];
                    Arrays.fill(bytes, (byte) size);
                    c.send(bytes.clone());
                    assertThat(c.receive(PATIENCE)).isEqualTo(Message.binary(bytes));
                    c.send("é".repeat(size / 2));
                    assertThat(c.receive(PATIENCE).text()).isEqualTo("é".repeat(size / 2));
                }
            }
        }
    }

    @Test
    void compressedMessagesComeBackAsTheyWere() throws Exception {
        try (Client compressing = clientOver(WebSocketClient.builder().deflate(DeflateOptions.defaults()));
                Conversation c = compressing.converse(at("/echo"))) {
            String json = "{\"key\":\"value\"}".repeat(1000);
            for (int i = 0; i < 20; i++) {
                c.send(json);
                assertThat(c.receive(PATIENCE).text()).isEqualTo(json);
            }
        }
    }

    @Test
    void aMessageInPartsArrivesWhole() throws Exception {
        try (Conversation c = client.converse(at("/parts"))) {
            c.send(Part.text("a", false));
            c.send(Part.text("b", false));
            c.send(Part.text("c", true));
            assertThat(c.receive(PATIENCE).text()).isEqualTo("abc");
        }
    }

    @Test
    void wholeMessagesWaitForTheEndOfAMessageInParts() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            c.connection().send(Part.text("a", false));
            c.connection().send("later");
            c.connection().send(Part.text("b", true)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(c.receive(PATIENCE).text()).isEqualTo("ab");
            assertThat(c.receive(PATIENCE).text()).isEqualTo("later");
        }
    }

    @Test
    void whoWaitsToSendGoesOnThoughWhatWasSentIsRefused() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            c.connection().send(Part.text("a", false)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            CompletionStage<Void> refused = c.connection().send(Part.binary(new byte[1 << 20], true));
            c.connection().writable().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(refused.toCompletableFuture()).failsWithin(Duration.ofSeconds(10)).withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class);
            c.connection().send(Part.text("b", true));
            assertThat(c.receive(PATIENCE).text()).isEqualTo("ab");
        }
    }

    @Test
    void theRouteTellsItsVariables() throws Exception {
        try (Conversation c = client.converse(at("/greet/you"))) {
            assertThat(c.receive(PATIENCE).text()).isEqualTo("hello you");
        }
    }

    @Test
    void theClientsFirstSubprotocolThatIsSpokenIsChosen() {
        try (Client speaking = clientOver(WebSocketClient.builder().subprotocols("x", "a", "b"));
                Conversation c = speaking.converse(at("/sub"))) {
            assertThat(c.opening().subprotocol()).contains("a");
        }
    }

    @Test
    void aCloseTellsBothSidesCodeAndTextAndThatItWasClean() throws Exception {
        Conversation c = client.converse(at("/echo"));
        c.close(4001, "enough");
        assertThat(c.closeReason()).isEqualTo(new CloseReason(4001, "", CloseReason.Initiator.LOCAL, true));
        assertThat(serverEnd()).isEqualTo(new CloseReason(4001, "enough", CloseReason.Initiator.PEER, true));
        assertThatThrownBy(() -> c.send("late")).isInstanceOf(ClosedException.class);
    }

    @Test
    void aServersConversationThatReturnsClosesWith1000() throws Exception {
        Conversation c = client.converse(at("/greet/you"));
        assertThat(c.receive(PATIENCE).text()).isEqualTo("hello you");
        assertThatThrownBy(c::receive).isInstanceOf(ClosedException.class);
        assertThat(c.closeReason()).isEqualTo(new CloseReason(1000, "", CloseReason.Initiator.PEER, true));
    }

    @Test
    void aListenerThatThrowsClosesWith1011AndIsToldTheEndOnce() throws Exception {
        Conversation c = client.converse(at("/broken"));
        c.connection().send("x");
        c.connection().send("y"); // the Close may be here before
        assertThatThrownBy(c::receive).isInstanceOf(ClosedException.class);
        assertThat(c.closeReason().code()).isEqualTo(1011);
        assertThat(serverEnd().code()).isEqualTo(1011);
        assertThat(serverEnds).isEmpty();
    }

    @Test
    void aMessageAboveTheLimitIsRefusedWith1009AndTheCloseArrives() {
        Conversation c = client.converse(at("/echo"));
        c.send(new byte[(16 << 20) + 1]);
        assertThatThrownBy(c::receive).isInstanceOf(ClosedException.class);
        assertThat(c.closeReason().code()).isEqualTo(1009);
    }

    @Test
    void bothEndsReportWhoClosedWhatHadPassedAndThatBothAgreed() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            c.send("hi");
            assertThat(c.receive(PATIENCE).text()).isEqualTo("hi");
            Connection other = serverOpens.poll(20, TimeUnit.SECONDS);
            other.close(4321, "enough");
            assertEnded(c.connection(), CloseReport.By.PEER, CloseReport.How.CLOSE_HANDSHAKE, "the peer closed with 4321 (application code) \"enough\"");
            assertEnded(other, CloseReport.By.US, CloseReport.How.CLOSE_HANDSHAKE, "this end closed with 4321 (application code), and the peer agreed");
            assertThat(other.closeReport().orElseThrow().received()).isEqualTo(new CloseReport.Traffic(1, 8 + 8));
            assertThat(other.closeReport().orElseThrow().sent()).isEqualTo(new CloseReport.Traffic(1, 4 + 10));
        }
    }

    @Test
    void whatWasBeyondALimitIsReportedAsThat() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            c.connection().send(new byte[20 << 20]);
            assertEnded(serverOpens.poll(20, TimeUnit.SECONDS), CloseReport.By.US, CloseReport.How.LIMIT,
                    "the peer went beyond a limit of this end: 1009 (message too big)");
        }
    }

    /** Whether the Close that it sends is still answered is a matter of luck. */
    @Test
    void aServerThatEndsAtOnceReportsThat() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            Connection other = serverOpens.poll(20, TimeUnit.SECONDS);
            server.close(Duration.ZERO);
            other.closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(other.closeReport().orElseThrow().how()).isIn(CloseReport.How.ABORTED, CloseReport.How.CLOSE_HANDSHAKE);
            assertThat(other.closeReport().orElseThrow().by()).isEqualTo(CloseReport.By.US);
            if (seesItsServerEnd()) {
                c.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertThat(c.connection().closeReport().orElseThrow().by()).isNotEqualTo(CloseReport.By.US);
            }
        }
    }

    private static void assertEnded(Connection end, CloseReport.By by, CloseReport.How how, String sentence) throws Exception {
        end.closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
        CloseReport report = end.closeReport().orElseThrow();
        assertThat(report.by()).as("%s", report).isEqualTo(by);
        assertThat(report.how()).as("%s", report).isEqualTo(how);
        assertThat(report.sentence()).startsWith(sentence);
    }

    @Test
    void aPingMeasuresTheRoundTrip() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            Duration roundTrip = c.connection().ping().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(roundTrip).isPositive();
            assertThat(c.connection().roundTrip()).contains(roundTrip);
        }
    }

    @Test
    void sixteenThreadsLoseDoubleAndInterleaveNothing() throws Exception {
        int threads = 16;
        int each = 10_000 / haste();
        LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
        CompletableFuture<CloseReason> end = new CompletableFuture<>();
        Connection connection = client.open(at("/echo"), new Listener() {
            @Override
            public void onMessage(Connection c, Message message) {
                received.add(message.text());
            }

            @Override
            public void onClose(Connection c, CloseReason reason) {
                end.complete(reason);
            }
        }).toCompletableFuture().get(10, TimeUnit.SECONDS);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int own = t;
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    connection.send(own + ":" + i);
                }
            }));
        }
        int[] next = new int[threads];
        for (int i = 0; i < threads * each; i++) {
            String message = received.poll(20, TimeUnit.SECONDS);
            assertThat(message).as("after %d messages, ended: %s", i, end.getNow(null)).isNotNull();
            int colon = message.indexOf(':');
            int sender = Integer.parseInt(message.substring(0, colon));
            if (Integer.parseInt(message.substring(colon + 1)) != next[sender]++) {
                assertThat(message).isEqualTo(sender + ":" + (next[sender] - 1));
            }
        }
        for (Thread sender : senders) {
            sender.join();
        }
        connection.send("last").toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("last");
        assertThat(connection.bufferedBytes()).isZero();
        connection.close();
        assertThat(end.get(10, TimeUnit.SECONDS).isClean()).isTrue();
    }

    @Test
    void noConnectionSeesBytesOfAnother() throws Exception {
        int connections = 20;
        int each = 200 / haste();
        List<Thread> talkers = new ArrayList<>();
        LinkedBlockingQueue<String> faults = new LinkedBlockingQueue<>();
        for (int t = 0; t < connections; t++) {
            byte marker = (byte) (t + 1);
            talkers.add(Thread.ofVirtual().start(() -> {
                Random sizes = new Random(marker);
                try (Conversation c = client.converse(at("/echo"))) {
                    for (int i = 0; i < each; i++) {
                        byte[] bytes = new byte[sizes.nextInt(i % 20 == 0 ? 100_000 : 300)];
                        Arrays.fill(bytes, marker);
                        c.send(bytes.clone());
                        if (!c.receive(PATIENCE).equals(Message.binary(bytes))) {
                            faults.add("connection " + marker + ", message " + i);
                        }
                    }
                } catch (Exception e) {
                    faults.add("connection " + marker + ": " + e);
                }
            }));
        }
        for (Thread talker : talkers) {
            talker.join();
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void closesThatCrossEndOnceOnBothSides() throws Exception {
        int rounds = 200 / haste();
        LinkedBlockingQueue<CloseReason> clientEnds = new LinkedBlockingQueue<>();
        for (int i = 0; i < rounds; i++) {
            Connection connection = client.open(at("/echo"), new Listener() {
                @Override
                public void onClose(Connection c, CloseReason reason) {
                    clientEnds.add(reason);
                }
            }).toCompletableFuture().get(10, TimeUnit.SECONDS);
            Connection other = serverOpens.poll(10, TimeUnit.SECONDS);
            int round = i;
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 20; n++) {
                    connection.send("x");
                    connection.ping();
                }
                connection.close();
            });
            if (round % 3 != 0) {
                other.send("y");
                other.close(1001, "");
            }
            sender.join();
        }
        for (int i = 0; i < rounds; i++) {
            CloseReason here = clientEnds.poll(10, TimeUnit.SECONDS);
            assertThat(here.isClean()).as("%s", here).isTrue();
            assertThat(here.code()).isIn(1000, 1001);
            assertThat(serverEnd().isClean()).isTrue();
        }
        assertThat(clientEnds).isEmpty();
        assertThat(serverEnds).isEmpty();
    }

    @Test
    void aDrainingServerSaysGoodByeToEveryone() {
        List<Conversation> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(client.converse(at("/echo")));
        }
        assertThat(server.connectionCount()).isEqualTo(20);
        server.close(Duration.ofSeconds(5));
        for (Conversation c : all) {
            assertThatThrownBy(c::receive).isInstanceOf(ClosedException.class);
            assertThat(c.closeReason()).isEqualTo(
                    new CloseReason(1001, "the server goes down", CloseReason.Initiator.PEER, true));
        }
        assertThatThrownBy(() -> client.converse(at("/echo")))
                .isInstanceOf(ConnectFailedException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void everyStageOfAMessageThatLeftCompletes() throws Exception {
        try (Conversation c = client.converse(at("/echo"))) {
            for (int i = 0; i < 100; i++) {
                c.connection().send("x".getBytes(StandardCharsets.UTF_8)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
        }
    }
}
