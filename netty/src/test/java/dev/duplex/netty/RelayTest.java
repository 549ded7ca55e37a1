package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client behind a relay: it asks for a server by its name, and leaves TLS to the relay. */
class RelayTest {

    @ParameterizedTest
    @CsvSource({"ws, false", "wss, false", "ws, true", "wss, true"})
    void theServerIsAskedForByItsName(String scheme, boolean isHttp2) {
        Endpoint tellsHost = opening -> Endpoint.conversation(c -> c.send(opening.headers().first("Host").orElse("none"))).open(opening);
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/host", tellsHost).start()) {
            ClientBuilder builder = WebSocketClient.builder().relay(new InetSocketAddress("127.0.0.1", server.port()));
            try (WebSocketClient client = (isHttp2 ? builder.http2() : builder).build();
                    Conversation conversation = client.converse(URI.create(scheme + "://any.example/host"))) {
                assertThat(conversation.receive().text()).isEqualTo("any.example");
            }
        }
    }

    @Test
    void aRelayThatIsNotThereIsNamed() {
        try (WebSocketClient client = WebSocketClient.builder().relay(new InetSocketAddress("127.0.0.1", 1)).build()) {
            assertThatThrownBy(() -> client.converse(URI.create("wss://any.example/"))).isInstanceOf(ConnectFailedException.class)
                    .hasMessageStartingWith("the relay before any.example:443 cannot be reached: ");
        }
    }
}
