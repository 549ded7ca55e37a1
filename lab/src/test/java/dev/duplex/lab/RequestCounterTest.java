package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;

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
        RequestCounter counter = new RequestCounter();
        counter.receive(THREE);
        assertThat(counter.requests()).isEqualTo(4);
    }

    @Test
    void everyCutGivesTheSameCount() {
        for (int cut = 0; cut <= THREE.length(); cut++) {
            RequestCounter counter = new RequestCounter();
            counter.receive(THREE.substring(0, cut));
            counter.receive(THREE.substring(cut));
            assertThat(counter.requests()).as("cut at " + cut).isEqualTo(4);
        }
    }

    @Test
    void nothingAfterAnUpgradeIsARequest() {
        RequestCounter counter = new RequestCounter();
        counter.receive("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\n\nGET / HTTP/1.1\r\n\r\n");
        assertThat(counter.requests()).isEqualTo(1);
    }
}
