package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message that is far larger than what a session may have under way. */
@Timeout(120)
class LargeMessageTest {
    private static final int LARGE_BYTES = 32 << 20;

    /** Whose acknowledgements waited for the tick, four times a second, would take 32 s each way. */
    @Test
    void bothEndsAcknowledgeWhatTheyHaveTakenAtOnce() throws Exception {
        Limits limits = Limits.defaults().withMaxMessageBytes(LARGE_BYTES);
        byte[] large = new byte[LARGE_BYTES];
        large[LARGE_BYTES - 1] = 1;
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).limits(limits).carrier(new Fallback())
                .endpoint("/echo", Endpoint.conversation(c -> c.send(c.receive()))).start();
                LadderClient client = LadderClient.over(WebSocketClient.builder().limits(limits).build()).rungs(Carrier.HTTP_1_1, Carrier.STREAMING);
                Conversation c = client.converse(URI.create("ws://127.0.0.1:" + server.port() + "/echo"))) {
            c.send(large);
            assertThat(c.receive(Duration.ofSeconds(30))).isEqualTo(Message.binary(large));
        }
    }
}
