package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose application does not read, over a WebSocket that carries its session. */
@Timeout(60)
class PausedClientTest {
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Carries one session, as docs/fallback.md tells it, and sends some bytes when the client is ready for them. */
    private Listener carrying(byte[] piece, int pieces) {
        return new Listener() {
            private boolean hasBegun;

            @Override
            public void onOpen(Connection connection) {
                connection.send("AAAAAAAAAAAAAAAAAAAAAA\n\n");
            }

            @Override
            public void onMessage(Connection connection, Message message) {
                if (hasBegun) {
                    told.add(message.text());
                }
                connection.send("0");
                for (int i = 0; i < pieces && !hasBegun; i++) {
                    connection.send(piece);
                }
                hasBegun = true;
            }

            @Override
            public Overflow overflow() {
                return Overflow.PAUSE;
            }

            @Override
            public void onClose(Connection connection, CloseReason reason) {
                told.add("end " + reason.code());
            }
        };
    }

    /** What the client, whose application has paused, says first after some bytes have come. */
    private String said(byte[] piece, int pieces, Duration proof) throws Exception {
        Endpoint endpoint = (Opening opening) -> carrying(piece, pieces);
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .endpoint("/e", endpoint.speaking("duplex.session")).start();
                LadderClient client = LadderClient.over(WebSocketClient.builder().build()).times(proof, Duration.ofMinutes(1), Duration.ofSeconds(1))) {
            client.open(URI.create("ws://127.0.0.1:" + server.port() + "/e"), new Listener() {
                @Override
                public void onOpen(Connection connection) {
                    connection.pause();
                }
            });
            return told.poll(40, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatTheApplicationHasNotTakenIsNotAcknowledgedByAskingWhetherTheServerLives() throws Exception {
        byte[] some = new byte[10_000];
        some[0] = (byte) 0x82;
        assertThat(Integer.parseInt(said(some, 4, Duration.ofSeconds(1)))).as("what was read before it paused, at most").isLessThan(40_000);
    }

    @Test
    void aServerThatSendsBeyondTheWindowIsCutOff() throws Exception {
        byte[] flood = new byte[64 * 1024];
        flood[0] = (byte) 0x82;
        assertThat(said(flood, 64, Duration.ofSeconds(10))).isEqualTo("end 1008");
    }
}
