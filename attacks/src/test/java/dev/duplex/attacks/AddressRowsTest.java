package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group D: what one address may have, where an operator has set a limit. */
@Timeout(300)
class AddressRowsTest {
    /** The client that watches has one of them. */
    private static final int MOST = 20;

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.connectionsPerAddress(MOST, 0));

    @Test
    @Load
    @Row("D5")
    void d5OneAddressHasSoManyConnectionsWhateverItsHeadersSay() throws Exception {
        List<RawSocket> all = new ArrayList<>();
        for (int i = 1; i < MOST; i++) {
            all.add(target.connect().open("/echo"));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(target.ask(RawSocket.opening("/echo", "X-Forwarded-For: 10.0." + i / 250 + "." + i % 250 + "\r\nForwarded: for=10.0.0." + i % 250 + "\r\n")))
                    .startsWith("HTTP/1.1 429 ").contains("\r\nRetry-After: ", "\r\nConnection: close\r\n");
        }
        for (RawSocket raw : all) {
            AttackedServer.assertEchoes(raw);
            raw.close();
        }
        for (int i = 1; i < MOST; i++) {
            assertThat(target.ends().poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }
}
