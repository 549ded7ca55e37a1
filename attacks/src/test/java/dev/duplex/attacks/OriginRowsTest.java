package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.OriginPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group E: pages of other sites, and requests that claim what they are not. */
class OriginRowsTest {
    private final LinkedBlockingQueue<Opening> openings = new LinkedBlockingQueue<>();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.endpoint("/room/{name}", opening -> {
        openings.add(opening);
        return new Listener() {};
    }));

    private int status(int port, String host, String headers) throws IOException {
        try (RawSocket raw = new RawSocket(port)) {
            String head = raw.say(RawSocket.opening("/echo", headers).replace("Host: localhost", "Host: " + host)).head();
            return Integer.parseInt(head.substring(9, 12));
        }
    }

    private int status(String host, String headers) throws IOException {
        return status(target.port(), host, headers);
    }

    @Test
    @Row("E1")
    void e1APageOfAnotherSiteMayNotConnectNotEvenOnLocalhost() throws IOException {
        String here = "127.0.0.1:" + target.port();
        String cookie = "Cookie: sid=victim\r\n";
        for (String foreign : List.of("http://evil.example", "https://evil.example:" + target.port(), "http://127.0.0.1", "http://127.0.0.1:3000",
                "http://localhost:" + target.port(), "http://127.0.0.2:" + target.port(), "http://[::1]:" + target.port(), "https://" + here,
                "ws://" + here, "file://", "chrome-extension://abcdef", "http://0x7f000001:" + target.port(), "http://127.1:" + target.port())) {
            assertThat(status(here, cookie + "Origin: " + foreign + "\r\n")).as(foreign).isEqualTo(403);
        }
        assertThat(status(here, cookie + "Origin: http://" + here + "\r\n")).isEqualTo(101);
        assertThat(status("localhost:" + target.port(), "Origin: http://LOCALHOST:" + target.port() + "\r\n")).isEqualTo(101);
        assertThat(status("localhost", "Origin: http://localhost:80\r\n")).isEqualTo(101);
    }

    @Test
    @Row("E2")
    void e2OriginsAreComparedInTheirPartsAlone() throws IOException {
        try (WebSocketServer open = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", opening -> new Listener() {})
                .origins(OriginPolicy.allowing("https://app.example.com", "http://dev.example.com:8080")).start()) {
            for (String right : List.of("https://app.example.com", "https://app.example.com:443", "HTTPS://App.Example.COM", "http://dev.example.com:8080")) {
                assertThat(status(open.port(), "h", "Origin: " + right + "\r\n")).as(right).isEqualTo(101);
            }
            for (String wrong : List.of("null", "NULL", "", "https://app.example.com.evil.io", "https://evil.io/app.example.com",
                    "https://app.example.com@evil.io", "https://u@app.example.com", "https://app.example.com:8443", "https://app.example.com.",
                    "http://app.example.com", "https://xapp.example.com", "https://example.com", "https://sub.app.example.com",
                    "https://app.example.com/", "https://app.example.com#x", "https://app.example.com?x", "https://app.example.com, https://evil.io",
                    "https://app.example.com https://evil.io", "https://\u0430pp.example.com", "https://xn--pp-8lc.example.com", "https:app.example.com",
                    "https:/app.example.com", "https:///app.example.com", "//app.example.com", "app.example.com",
                    "https://app.example.com:443:443", "https://app%2eexample.com", "http://dev.example.com",
                    "http://dev.example.com:80800", "*", "https://*", "https://app\u00adexample.com")) {
                assertThat(status(open.port(), "h", "Origin: " + wrong + "\r\n")).as(wrong).isEqualTo(403);
            }
            assertThat(status(open.port(), "h", "Origin: https://app.example.com\r\nOrigin: https://app.example.com\r\n")).isEqualTo(403);
            assertThat(status(open.port(), "h", "Origin: https://app.example.com\r\norigin: https://evil.io\r\n")).isEqualTo(403);
            assertThat(status(open.port(), "h", "Origin : https://app.example.com\r\n")).isEqualTo(400);
        }
        for (String none : List.of("*", "app.example.com", "https://app.example.com/x", "null", "https://*.example.com", "")) {
            assertThatIllegalArgumentException().as(none).isThrownBy(() -> OriginPolicy.allowing(none));
        }
    }

    @Test
    @Row("E3")
    void e3WhatSendsNoOriginIsNoBrowserAndMayConnect() throws IOException {
        assertThat(status("localhost", "")).isEqualTo(101);
        assertThat(status("localhost", "Referer: http://evil.example/\r\nSec-Fetch-Site: cross-site\r\nX-Origin: http://evil.example\r\n")).isEqualTo(101);
        assertThat(status("localhost", "Origin:\r\n")).as("an empty one is sent by something").isEqualTo(403);
    }

    @Test
    @Row("E11")
    void e11NamesInARequestNeverBecomeTheServersOwn() throws Exception {
        try (RawSocket raw = target.connect()) {
            raw.say(RawSocket.opening("/room/real?name=evil&path=/evil&isSecure=true&remoteAddress=6.6.6.6",
                    "name: evil\r\nX-Original-URL: /room/evil\r\nX-Rewrite-URL: /room/evil\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                            + "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6;proto=https\r\nX-HTTP-Method-Override: POST\r\n"));
            assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
            Opening opening = openings.take();
            assertThat(opening.path()).isEqualTo("/room/real");
            assertThat(opening.variables()).containsExactly(Map.entry("name", "real"));
            assertThat(opening.queryParameter("name")).contains("evil");
            assertThat(opening.isSecure()).isFalse();
            assertThat(opening.remoteAddress().toString()).startsWith("/127.0.0.1:");
        }
    }
}
