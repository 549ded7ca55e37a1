package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: what may be wrong with a request to open a WebSocket. */
class OpeningRowsTest {
    @RegisterExtension
    final AttackedServer target = new AttackedServer();

    @Test
    @Row("A1")
    void a1OnlyGetOpensAWebSocket() throws IOException {
        for (String method : new String[] {"POST", "PUT", "HEAD", "DELETE", "OPTIONS", "get", "CONNECT", "PRI"}) {
            String answer = target.ask(RawSocket.opening("/echo", "").replaceFirst("GET", method));
            assertThat(answer).as(method).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET\r\n", "\r\nConnection: close\r\n");
        }
    }
}
