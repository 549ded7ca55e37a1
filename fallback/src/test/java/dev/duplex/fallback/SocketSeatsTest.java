package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Conversation;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may carry a session over a WebSocket, and how many may be carried. */
@Timeout(60)
class SocketSeatsTest extends CarriedSessions {
    @Test
    void aSessionIsItsOwnersAlone() throws Exception {
        String session = open("Authorization", "Bearer ada") + "&duplex-as=socket";
        assertThat(refused(session, "Authorization", "Bearer eve")).isEqualTo(403);
        assertThat(refused(session)).isEqualTo(403);
        assertThat(refused(session.replace("/echo", "/other"), "Authorization", "Bearer ada")).isEqualTo(400);
        assertThat(refused(session, "Authorization", "Bearer ada", "Origin", "https://evil.example")).isEqualTo(403);
        assertThat(refused("/echo", "Origin", "https://evil.example")).isEqualTo(403);
        assertThat(text(socket(session, "Authorization", "Bearer ada"))).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAAAA&duplex-as=socket", "&duplex-as=socket", "__proto__&duplex-as=socket", "open&duplex-as=socket",
        "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA&duplex-as=socket&duplex-as=socket"})
    void whatIsNoSessionIsRefused(String query) {
        assertThat(refused("/echo?duplex=" + query)).isEqualTo(400);
    }

    @Test
    void onlyAWebSocketThatSpeaksOfItCarriesASession() throws Exception {
        String session = open();
        assertThat(refused(session + "&duplex-as=long")).isEqualTo(400);
        assertThatThrownBy(() -> WebSocketClient.connect("ws://127.0.0.1:" + server.port() + session + "&duplex-as=socket"))
                .isInstanceOfSatisfying(ConnectFailedException.class, failed -> assertThat(failed.status()).hasValue(400));
    }

    @Test
    void sessionsThatWebSocketsOpenAreBoundedAsThoseAre() throws Exception {
        open();
        open();
        open();
        assertThat(text(socket("/echo"))).hasSize(24);
        assertThat(ask("POST", "/echo?duplex=open&duplex-as=long", "").statusCode()).isEqualTo(503);
    }

    @Test
    void aSessionThatLosesItsWebSocketCountsAmongThoseOfRequests() throws Exception {
        open();
        open();
        Conversation first = socket("/echo");
        String session = "/echo?duplex=" + text(first).strip();
        assertThat(hex(ask("GET", session + "&duplex-as=poll&duplex-ack=0", ""))).isEqualTo("200 ");
        assertThat(ask("POST", "/echo?duplex=open&duplex-as=long", "").statusCode()).isEqualTo(503);
        Conversation second = climb(session, 0, 0);
        open();
        told.clear();
        second.connection().close(1000, "");
        assertThat(heard()).as("one too many").isEqualTo("end 1006");
    }
}
