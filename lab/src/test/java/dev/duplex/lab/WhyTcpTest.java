package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyTcpTest {

    @Test
    void aWebSocketDeliversAllInOrderWhereUdpLoses() throws InterruptedException {
        WhyTcp why = WhyTcp.measure(WhyTcp.feed(Duration.ofSeconds(2)), 20);
        if (!why.isMeasured()) {
            // Where there are no namespaces, or no firewall, one line says so.
            assertThat(why.unable()).isNotBlank().doesNotContain("\n");
            assertThat(why.toMap()).containsKey("unable");
            return;
        }
        assertThat(why.webSocket().lost()).isZero();
        assertThat(why.webSocket().reordered()).isZero();
        assertThat(why.webSocket().arrivals()).hasSize(100);
        // With 100 packets and 20 % of loss it loses none once in five thousand million runs.
        assertThat(why.udp().lost()).isPositive();
        assertThat(why.udp().arrivals()).isNotEmpty();
        assertThat(why.summary().lines()).hasSize(2);
    }

    @Test
    void lossOrderAndTimeAreCounted() {
        LossyTraffic traffic = new LossyTraffic(6, List.of(arrival(0, 1), arrival(2, 2), arrival(1, 30), arrival(5, 4)));
        assertThat(traffic.lost()).isEqualTo(2);
        assertThat(traffic.missing()).containsExactly(3, 4);
        assertThat(traffic.reordered()).isEqualTo(1);
        assertThat(traffic.lateMillis(0)).isEqualTo(1);
        assertThat(traffic.lateMillis(100)).isEqualTo(30);
    }

    private static Arrival arrival(int sequence, long lateMillis) {
        return new Arrival(sequence, 0, lateMillis * 1_000_000);
    }
}
