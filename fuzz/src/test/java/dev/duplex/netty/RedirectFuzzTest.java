package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.ServerHandshake;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Any {@code Location}: it leads to a WebSocket that is no less safe, or nowhere. */
class RedirectFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void aRedirectLeadsToAWebSocketThatIsNoLessSafe(FuzzedDataProvider data) {
        URI from = URI.create(data.pickValue(new String[] {"ws://one.example/a/b?c", "wss://one.example:444/a/b?c", "wss://one.example"}));
        String location = data.consumeRemainingAsString();
        URI to;
        ClientHandshake next;
        try {
            to = Redirect.resolve(from, location);
            next = handshake(to);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(to.getScheme()).isIn("ws", "wss");
        assertThat(next.isSecure()).isEqualTo(to.getScheme().equals("wss"));
        assertThat(next.isSecure() || !handshake(from).isSecure()).as("never from TLS to plain text").isTrue();
        assertThat(Redirect.resolve(to, to.toString())).as("led to itself").isEqualTo(to);
        assertThat(next.request().target()).startsWith("/").doesNotContain("\r", "\n", " ", "#");
        // A path may be one that our server finds ambiguous; others have their own mind of it.
        assertThat(ServerHandshake.of(next.request()).refusal().isEmpty()).isEqualTo(RequestTarget.parse(next.request().target()).isPresent());
        // What may see a password: whom the system would ask, by its own reading of the address.
        if (Redirect.isSameOrigin(handshake(from), next)) {
            assertThat(to.getHost()).isEqualToIgnoringCase(from.getHost());
            assertThat(port(to)).isEqualTo(port(from));
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("wss") ? 443 : 80;
    }

    private static ClientHandshake handshake(URI uri) {
        return ClientHandshake.of(uri, List.of(), Optional.empty(), Headers.empty());
    }
}
