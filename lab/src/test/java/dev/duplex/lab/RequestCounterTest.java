package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RequestCounterTest {
    private static final String THREE = """
            GET /a HTTP/1.1\r
            Host: h\r
            \r
            POST /b HTTP/1.1\r
            Content-Length: 18\r
            \r
            GET /x HTTP/1.1\r
            \r
            POST /c HTTP/1.1\r
            Transfer-Encoding: chunked\r
            \r
            5\r
            GET\r
            \r
            0\r
            \r
            GET /d HTTP/1.1\r
            Upgrade: websocket\r
            \r
            GET /none HTTP/1.1\r
            \r
            """;

    @Test
    void requestsAreCountedAndTheirBodiesAreNot() {
        RequestCounter counter = new RequestCounter(null);
        counter.receive(THREE);
        assertThat(counter.requests()).isEqualTo(4);
    }

    @Test
    void everyCutGivesTheSameCount() {
        for (int cut = 0; cut <= THREE.length(); cut++) {
            RequestCounter counter = new RequestCounter(null);
            counter.receive(THREE.substring(0, cut));
            counter.receive(THREE.substring(cut));
            assertThat(counter.requests()).as("cut at " + cut).isEqualTo(4);
        }
    }

    @Test
    void theServersNameTakesThePlaceOfTheRelaysWhereverItIsCut() {
        String named = "GET /a HTTP/1.1\r\nhost: 127.0.0.1:1\r\nContent-Length: 8\r\n\r\nHost: b\n" + "GET Host: HTTP/1.1\r\nX: y\r\nHost:127.0.0.1:1\r\n\r\n" + THREE;
        String asked = named.replaceFirst("host: 127.0.0.1:1", "Host: h:8").replaceFirst("Host:127.0.0.1:1", "Host: h:8").replace("Host: h\r", "Host: h:8\r");
        for (int cut = 0; cut <= named.length(); cut++) {
            RequestCounter counter = new RequestCounter("h:8");
            assertThat(counter.receive(named.substring(0, cut)) + counter.receive(named.substring(cut))).as("cut at " + cut).isEqualTo(asked);
            assertThat(counter.requests()).as("cut at " + cut).isEqualTo(6);
        }
    }

    @Test
    void nothingAfterAnUpgradeIsARequest() {
        RequestCounter counter = new RequestCounter(null);
        counter.receive("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\n\nGET / HTTP/1.1\r\n\r\n");
        assertThat(counter.requests()).isEqualTo(1);
    }

    /** Of HTTP/2: a preface, SETTINGS, HEADERS on 1, DATA that looks like HEADERS, trailers on 1, HEADERS on 3. */
    private static final String STREAMS = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
            + "000000040000000000"
            + "000002010400000001" + "8284"
            + "00000a000000000001" + "00000001040000000500"
            + "000001010500000001" + "88"
            + "000000010500000003";

    @Test
    void overHttp2EveryStreamThatTheClientOpensIsARequest() {
        byte[] sent = HexFormat.of().parseHex(STREAMS);
        for (int cut = 0; cut <= sent.length; cut++) {
            RequestCounter counter = new RequestCounter(null);
            counter.receive(Arrays.copyOf(sent, cut));
            counter.receive(Arrays.copyOfRange(sent, cut, sent.length));
            assertThat(counter.requests()).as("cut at " + cut).isEqualTo(2);
        }
    }
}
