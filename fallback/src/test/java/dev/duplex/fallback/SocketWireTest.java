package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's bytes over a WebSocket, message by message, as docs/fallback.md tells it. */
@Timeout(60)
class SocketWireTest extends CarriedSessions {
    @Test
    void aSessionMayBeginOverAWebSocketAndGoOnByRequests() throws Exception {
        Conversation socket = socket("/echo?room=1");
        assertThat(socket.opening().subprotocol()).contains("duplex.session");
        assertThat(heard()).isEqualTo("HTTP_1_1 room=1");
        String first = text(socket);
        assertThat(first).matches("[A-Za-z0-9_-]{22}\n\n");
        say(socket, HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        socket.send("4");
        assertThat(text(socket)).as("the answer, or what was told of itself").isEqualTo("8");
        String session = "/echo?duplex=" + first.strip();
        assertThat(new String(ask("POST", session + "&duplex-at=8&duplex-ack=4", HI).body()).strip()).isEqualTo("16");
        assertThat(hex(ask("GET", session + "&duplex-as=poll&duplex-ack=4", ""))).isEqualTo("200 00000004" + HI_BACK);
        assertThat(ending(socket)).as("the newest has it").isEqualTo(1000);
        assertThat(told).isEmpty();
    }

    @Test
    void aWebSocketTakesOverWhatRequestsHaveBegun() throws Exception {
        String session = open();
        ask("POST", session + "&duplex-at=0&duplex-ack=0", HI);
        Conversation socket = climb(session, 8, 0);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        say(socket, HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        say(socket, HI.substring(0, 6));
        say(socket, HI.substring(6));
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        assertThat(new String(ask("POST", session + "&duplex-at=0&duplex-ack=0", HI).body()).strip()).as("doubled").isEqualTo("24");
        say(socket, "88820000000003e8"); // Close 1000
        assertThat(bytes(socket)).isEqualTo("880203e8");
        String last = text(socket);
        while (!last.equals("end")) {
            last = text(socket);
        }
    }

    @Test
    void aRequestThatWasMadeBeforeTheSwitchDoesNotTakeItBack() throws Exception {
        String session = open();
        Conversation socket = climb(session, 0, 0);
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=0&duplex-after=0", ""))).isEqualTo("200 ");
        say(socket, HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=0&duplex-after=1", ""))).isEqualTo("200 00000004" + HI_BACK);
    }

    /** What the tunnel writes as soon as there is room goes on behind what the requests have brought. */
    @Test
    void aWindowThatRequestsHaveFilledGoesOnWhereItEnded() throws Exception {
        String session = openAt("/much");
        int window = 256 * 1024;
        assertThat(ask("GET", session + "&duplex-as=long&duplex-ack=0", "").body()).hasSize(4 + window);
        Conversation socket = climb(session, 0, window);
        assertThat(receiveBytes(socket, window)).isEqualTo(window);
        socket.send(Integer.toString(2 * window));
        int rest = 600 * 1024 + 10 - 2 * window; // 10 for the frame's header
        assertThat(receiveBytes(socket, rest)).isEqualTo(rest);
    }

    /** Its number comes late, when the client has long gone back to requests, which know of it. */
    @Test
    void aWebSocketThatItsClientHasGivenUpTakesNothing() throws Exception {
        String session = open();
        Conversation late = socket(session + "&duplex-as=socket&duplex-after=1");
        assertThat(text(late)).isEqualTo("0");
        assertThat(hex(ask("GET", session + "&duplex-as=poll&duplex-ack=0&duplex-after=1", ""))).isEqualTo("200 ");
        late.send("0");
        assertThat(ending(late)).isEqualTo(1000);
        ask("POST", session + "&duplex-at=0&duplex-ack=0", HI);
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=0&duplex-after=1", ""))).isEqualTo("200 00000004" + HI_BACK);
        Conversation next = climb(session + "&duplex-after=2", 8, 4);
        say(next, HI);
        assertThat(bytes(next)).isEqualTo(HI_BACK);
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=4&duplex-after=1", ""))).isEqualTo("200 ");
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=4&duplex-after=2", ""))).isEqualTo("200 00000004" + HI_BACK);
    }

    @Test
    void aWebSocketThatSaysNothingTakesNothing() throws Exception {
        String session = open();
        Conversation silent = socket(session + "&duplex-as=socket");
        assertThat(text(silent)).isEqualTo("0");
        ask("POST", session + "&duplex-at=0&duplex-ack=0", HI);
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=0", ""))).isEqualTo("200 00000004" + HI_BACK);
        Conversation second = climb(session, 8, 4);
        assertThat(ending(silent)).as("one at a time").isEqualTo(1000);
        Conversation third = climb(session, 8, 4);
        assertThat(ending(second)).as("the newest has it").isEqualTo(1000);
        say(third, HI);
        assertThat(bytes(third)).isEqualTo(HI_BACK);
    }

    @Test
    void anOldNumberIsPassedOver() throws Exception {
        Conversation socket = climb(open(), 0, 0);
        say(socket, HI + HI);
        assertThat(bytes(socket)).startsWith(HI_BACK);
        socket.send("4");
        socket.send("0");
        say(socket, HI);
        assertThat(bytes(socket)).endsWith(HI_BACK);
        assertThat(socket.connection().isOpen()).isTrue();
    }

    @Test
    void whoAsksTheSameTooOftenLosesTheWebSocketAndNotTheSession() throws Exception {
        String session = open();
        Conversation socket = climb(session, 0, 0);
        for (int i = 0; i < 50; i++) {
            socket.send("0");
            assertThat(text(socket)).isEqualTo("0");
        }
        for (int i = 0; i < 1000; i++) {
            socket.connection().send("0");
        }
        int answers = 0;
        try {
            for (; ; answers++) {
                assertThat(text(socket)).isEqualTo("0");
            }
        } catch (ClosedException end) {
            assertThat(end.reason().code()).isEqualTo(1008);
        }
        assertThat(answers).as("the answer of the climb was one more; a stalled machine may begin a window anew").isBetween(49, 900);
        assertThat(ask("GET", session + "&duplex-as=poll&duplex-ack=0", "").statusCode()).isEqualTo(200);
    }

    /** A request that was under way has brought them meanwhile. */
    @Test
    void bytesThatCameByARequestArePassedOver() throws Exception {
        String session = open();
        Conversation socket = climb(session, 0, 0);
        ask("POST", session + "&duplex-at=0&duplex-ack=0", HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        socket.send("at 8");
        say(socket, HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        ask("POST", session + "&duplex-at=16&duplex-ack=8", HI);
        assertThat(bytes(socket)).isEqualTo(HI_BACK);
        say(socket, HI + HI);
        assertThat(bytes(socket)).as("one of them is new").isEqualTo(HI_BACK);
        socket.send("at 99");
        say(socket, HI);
        assertThat(ending(socket)).as("a gap").isEqualTo(1008);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at", "at x", "at -1", "", "x", "-1", "1e3", "99", "99999999999999999999", "END", "0 "})
    void whatIsNoNumberOfAByteSentEndsTheWebSocketAndNotTheSession(String words) throws Exception {
        String session = open();
        heard();
        Conversation socket = climb(session, 0, 0);
        socket.send(words);
        assertThat(ending(socket)).isEqualTo(1008);
        assertThat(hex(ask("GET", session + "&duplex-as=poll&duplex-ack=0", ""))).isEqualTo("200 ");
        assertThat(told).isEmpty();
    }

    @Test
    void aSessionThatHasEndedKeepsNoWebSocket() throws Exception {
        String session = open();
        heard();
        ask("POST", session + "&duplex-at=0&duplex-ack=0", "88820000000003e8"); // Close 1000
        assertThat(hex(ask("GET", session + "&duplex-as=long&duplex-ack=0", ""))).startsWith("200 00000004880203e8");
        assertThat(heard()).isEqualTo("end 1000");
        Conversation late = socket(session + "&duplex-as=socket");
        assertThatThrownBy(() -> text(late)).as("left at once, and asked for nothing").isInstanceOf(ClosedException.class);
        assertThat(ending(late)).isEqualTo(1000);
    }

    /** Its connection has ended while it was opening. */
    @Test
    void aWebSocketThatWasLeftBeforeItHasOpenedIsClosed() throws Exception {
        try (WebSocketClient client = WebSocketClient.builder().build()) {
            CarryingSocket left = new CarryingSocket();
            left.leave();
            URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/echo");
            Connection opened = new Climber(client, uri).open("", left).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(opened.closed().toCompletableFuture().get(20, TimeUnit.SECONDS).code()).isEqualTo(1000);
        }
    }

    @Test
    void theEndIsTheClients() throws Exception {
        Conversation socket = climb(open(), 0, 0);
        heard();
        socket.send("end");
        assertThat(heard()).isEqualTo("end 1006");
    }

    @Test
    void whoSendsMoreThanWasAskedForIsCutOff() throws Exception {
        Conversation socket = socket("/slow");
        byte[] flood = new byte[256 * 1024];
        flood[0] = (byte) 0x82;
        try {
            for (int i = 0; i < 64; i++) {
                socket.send(flood);
            }
        } catch (ClosedException cut) {
            assertThat(cut).isNotNull();
        }
        assertThat(ending(socket)).isEqualTo(1008);
        assertThat(server.heldBytes()).isLessThan(8 << 20);
    }
}
