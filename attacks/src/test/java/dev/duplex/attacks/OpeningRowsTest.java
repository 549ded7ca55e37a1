package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Listener;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.WebSocketServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: what may be wrong, or only odd, with a request to open a WebSocket. */
class OpeningRowsTest {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\n";
    private static final String CONNECTION = "Connection: Upgrade\r\n";
    private static final String HOST = "Host: localhost\r\n";

    @RegisterExtension
    final AttackedServer target = new AttackedServer();

    /** The answer to a request line's path and some header lines, and that the connection ended after it. */
    private String answer(String headers) throws IOException {
        String answer = target.ask("GET /echo HTTP/1.1\r\n" + headers + "\r\n");
        assertThat(answer).as(headers).containsOnlyOnce("\r\nDate: ").contains("\r\nConnection: close").doesNotContain("RST");
        return answer;
    }

    private void assertOpens(String request) throws Exception {
        try (RawSocket raw = target.connect()) {
            assertThat(raw.say(request).head()).as(request).startsWith("HTTP/1.1 101 ");
            AttackedServer.assertEchoes(raw);
        }
    }

    @Test
    @Row("A1")
    void a1OnlyGetOpensAWebSocket() throws IOException {
        for (String method : List.of("POST", "PUT", "HEAD", "DELETE", "OPTIONS", "get", "CONNECT", "PRI")) {
            String answer = target.ask(RawSocket.opening("/echo", "").replaceFirst("GET", method));
            assertThat(answer).as(method).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET\r\n", "\r\nConnection: close\r\n");
        }
    }

    @Test
    @Row("A2")
    void a2OlderHttpNeverUpgrades() throws IOException {
        String right = RawSocket.opening("/echo", "");
        assertThat(target.ask(right.replace("HTTP/1.1", "HTTP/1.0"))).startsWith("HTTP/1.1 426 ");
        assertThat(target.ask(right.replace("HTTP/1.1", "HTTP/1.0").replace(HOST, ""))).startsWith("HTTP/1.1 426 ");
        for (String version : List.of("HTTP/0.9", "HTTP/2.0", "HTTP/3.0")) {
            assertThat(target.ask(right.replace("HTTP/1.1", version))).startsWith("HTTP/1.1 426 ");
        }
        assertThat(target.ask("GET /echo\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    @Row("A3")
    void a3EveryVersionNeedsUpgradeAndConnection() throws IOException {
        for (String version : List.of("13", "8", "7", "0")) {
            for (String incomplete : List.of(UPGRADE, CONNECTION, "")) {
                assertThat(answer(HOST + incomplete + KEY + "Sec-WebSocket-Version: " + version + "\r\n")).startsWith("HTTP/1.1 426 ");
            }
        }
    }

    @Test
    @Row("A4")
    void a4AnyVersionBut13IsToldWhatIsSpoken() throws IOException {
        for (String version : List.of("", "Sec-WebSocket-Version: 0\r\n", "Sec-WebSocket-Version: 8\r\n",
                "Sec-WebSocket-Version: 14\r\n", "Sec-WebSocket-Version: 013\r\n", "Sec-WebSocket-Version: +13\r\n",
                "Sec-WebSocket-Version: 13, 8\r\n", "Sec-WebSocket-Version: 13;\r\n", "Sec-WebSocket-Version:\r\n", VERSION + VERSION)) {
            assertThat(answer(HOST + UPGRADE + CONNECTION + KEY + version)).as(version)
                    .startsWith("HTTP/1.1 426 ").contains("\r\nSec-WebSocket-Version: 13\r\n");
        }
    }

    @Test
    @Row("A5")
    void a5AKeyIsSixteenBytesOnce() throws IOException {
        for (String key : List.of("", "Sec-WebSocket-Key:\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub24=\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWE=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBs ZSBub25jZQ==\r\n",
                KEY + KEY, "Sec-WebSocket-Key: " + "dGhl".repeat(1500) + "\r\n")) {
            assertThat(answer(HOST + UPGRADE + CONNECTION + VERSION + key)).as(key).startsWith("HTTP/1.1 400 ");
        }
        assertThat(answer(HOST + UPGRADE + CONNECTION + VERSION + "Sec-WebSocket-Key: " + "dGhl".repeat(2560) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    @Row("A6")
    void a6OneHostThatIsAHost() throws IOException {
        String rest = UPGRADE + CONNECTION + KEY + VERSION;
        for (String host : List.of("", "Host:\r\n", HOST + HOST, "Host: a\r\nHost: b\r\n", "Host: localhost/echo\r\n", "Host: u@localhost\r\n",
                "Host: u:p@localhost\r\n", "Host: localhost:port\r\n", "Host: localhost:70000\r\n", "Host: a, b\r\n", "Host: a b\r\n",
                "Host: [::1\r\n", "Host: http://localhost\r\n", "Host: localhost?x\r\n", "Host: \u00e9\r\n")) {
            assertThat(answer(host + rest)).as(host).startsWith("HTTP/1.1 400 ");
        }
        // Two hosts in one request, and a proxy may have looked at the other.
        assertThat(target.ask("GET http://other/echo HTTP/1.1\r\n" + HOST + rest + "\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    @Row("A6")
    void a6AServerThatKnowsItsNamesServesNoOther() throws IOException {
        try (WebSocketServer named = WebSocketServer.builder().host("127.0.0.1").port(0).hosts("App.example", "localhost")
                .endpoint("/echo", opening -> new Listener() {}).http("/", query -> HttpAnswer.text(200, "x")).start()) {
            for (String host : List.of("app.example", "APP.EXAMPLE:" + named.port(), "localhost")) {
                assertThat(first(named, RawSocket.opening("/echo", "").replace("localhost", host))).as(host).isEqualTo(101);
            }
            for (String host : List.of("rebound.example", "127.0.0.1", "app.example.evil.example", "app.example.", "localhost.evil.example", "[::1]")) {
                assertThat(first(named, RawSocket.opening("/echo", "").replace("localhost", host))).as(host).isEqualTo(421);
                assertThat(first(named, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).as(host).isEqualTo(421);
            }
            assertThat(first(named, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEqualTo(400);
            assertThat(first(named, "GET / HTTP/1.0\r\n\r\n")).isEqualTo(421);
        }
    }

    private static int first(WebSocketServer server, String request) throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            return Integer.parseInt(raw.say(request).head().substring(9, 12));
        }
    }

    @Test
    @Row("A7")
    void a7WhatIsOddButRightOpens() throws Exception {
        String tail = KEY + VERSION + "\r\n";
        String line = "GET /echo HTTP/1.1\r\n";
        for (String odd : List.of(HOST + UPGRADE + "Connection: keep-alive, Upgrade\r\n",
                HOST + "Upgrade: WebSocket\r\nConnection: upgrade\r\n",
                "host: localhost\r\nUPGRADE: WEBSOCKET\r\nconnection: UPGRADE\r\n",
                "Host:\tlocalhost\t\r\nUpgrade:\twebsocket\t\r\nConnection:\t Upgrade \t\r\n",
                HOST + UPGRADE + "Connection: keep-alive\r\nConnection: Upgrade\r\n",
                HOST + "Upgrade: h2c, websocket\r\nConnection: Upgrade\r\n",
                HOST + UPGRADE + "Connection:,Upgrade,,\r\n",
                HOST + UPGRADE + CONNECTION + "Content-Length: 0\r\n")) {
            assertOpens(line + odd + tail);
        }
        assertOpens("\r\n" + RawSocket.opening("/echo", ""));
        assertOpens(RawSocket.opening("http://localhost/echo", ""));
        assertOpens(RawSocket.opening("/echo?a=b", "X: \u00e9\r\nSec-WebSocket-Extensions: x-webkit-deflate-frame\r\n"));
    }

    @Test
    @Row("A22")
    void a22FramesBehindTheRequestAreFramesOrNothing() throws IOException {
        String frame = "\u0081\u0082\0\0\0\0hi";
        try (RawSocket raw = target.connect()) {
            assertThat(raw.say(RawSocket.opening("/echo", "") + frame + frame).head()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.hex(8)).isEqualTo("81026869" + "81026869");
        }
        // A frame that is a request by its looks, and the same after a refusal.
        String request = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n";
        try (RawSocket raw = target.connect()) {
            raw.say(RawSocket.opening("/echo", "") + "\u0081" + (char) (0x80 | request.length()) + "\0\0\0\0" + request);
            assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.hex(2 + request.length())).startsWith("81%02x".formatted(request.length()));
        }
        assertThat(target.ask(RawSocket.opening("/nowhere", "") + frame + request)).startsWith("HTTP/1.1 404 ").containsOnlyOnce("\r\nDate: ");
    }

    @Test
    @Row("A29")
    void a29OnlyWebSocketsAreUpgradedTo() throws IOException {
        String h2c = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        assertThat(answer(HOST + h2c)).startsWith("HTTP/1.1 426 ").contains("\r\nUpgrade: websocket\r\n");
        try (RawSocket raw = target.connect()) {
            // HTTP/2 by prior knowledge is answered in HTTP/2: SETTINGS, on stream 0 (RFC 9113 §3.4).
            assertThat(raw.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").hex(9)).matches("0000[0-9a-f]{2}" + "04" + "00" + "00000000");
        }
        assertThat(target.ask("PRI / HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 505 ").containsOnlyOnce("\r\nDate: ");
        for (String other : List.of("TLS/1.2", "h2", "HTTP/2.0", "websocket/13", "web socket")) {
            assertThat(answer(HOST + CONNECTION + "Upgrade: " + other + "\r\n")).as(other).startsWith("HTTP/1.1 426 ");
        }
    }
}
