package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import io.netty.util.Version;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group I: what a peer could do to logs and operators; group E: what must not come into a log. */
class OperationRowsTest {
    private final LinkedBlockingQueue<Opening> openings = new LinkedBlockingQueue<>();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .endpoint("/broken/{name}", opening -> {
                throw new IllegalStateException("planted");
            })
            .endpoint("/told/{name}", opening -> {
                openings.add(opening);
                return new Listener() {
                    @Override
                    public void onMessage(Connection connection, Message message) {
                        throw new IllegalStateException("planted");
                    }
                };
            })
            .http("/page/{name}", query -> {
                throw new IllegalStateException("planted");
            }));

    @Test
    @Row("I1")
    void i1WhatAPeerSaysIsOneLineOfTheLogAtMost() throws Exception {
        for (String name : List.of("${jndi:ldap:x}", "%E2%80%AE", "%E2%80%A8INFO%20forged", "a".repeat(7000), "%25s%25n", "%7B%7D")) {
            Thread.sleep(1300); // ten lines a second are told, and these are three
            try (Log log = new Log()) {
                target.ask(RawSocket.opening("/broken/" + name, "User-Agent: ${jndi:ldap:x}\r\nOrigin: http://localhost\r\n"));
                target.ask("GET /page/" + name + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                try (RawSocket raw = target.connect().open("/told/" + name)) {
                    assertThat(raw.sayHex("81 80 00000000").hex(4)).endsWith("03f3");
                }
                List<String> told = log.text().lines().filter(line -> line.contains(" failed")).toList();
                assertThat(told).as(name).hasSize(3).allMatch(line -> line.length() < 1024);
                assertThat(log.text()).as(name).matches("[ -~\\n\\t]*");
            }
        }
    }

    @Test
    @Row("I1")
    void i1AMalformedRequestOrFrameLeavesNoLine() throws IOException {
        try (Log log = new Log()) {
            for (String bad : List.of("\u001b[2J\r\n", "GET /%0a HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nX: \0\r\n\r\n")) {
                target.ask(bad);
            }
            for (String frame : List.of("ff 80", "88 85 00000000 03e8 0d0a1b", "81 82 00000000 c328")) {
                try (RawSocket raw = target.connect().open("/echo")) {
                    raw.sayHex(frame).restHex();
                }
            }
            for (int i = 0; i < 100; i++) {
                RawSocket raw = target.connect().open("/echo");
                raw.reset();
            }
            assertThat(log.text()).isEmpty();
        }
    }

    @Test
    @Row("E13")
    void e13NoCredentialComesIntoTheLog() throws IOException {
        String secret = "s3cret";
        try (Log log = new Log()) {
            String headers = "Authorization: Bearer " + secret + "\r\nCookie: sid=" + secret + "\r\nSec-WebSocket-Protocol: token." + secret + "\r\n";
            target.ask(RawSocket.opening("/broken/x?token=" + secret + "&access_token=" + secret, headers));
            target.ask(RawSocket.opening("/nowhere?token=" + secret, headers));
            target.ask("GET /page/x?sid=" + secret + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n");
            try (RawSocket raw = target.connect()) {
                assertThat(raw.say(RawSocket.opening("/told/x?token=" + secret, headers)).head()).startsWith("HTTP/1.1 101 ");
                raw.sayHex("81 80 00000000").hex(4);
            }
            assertThat(log.text()).contains("/broken/x", "/page/x", "/told/x").doesNotContain(secret);
        }
    }

    @Test
    @Row("I2")
    void i2NobodyMayClaimAnotherAddress() throws Exception {
        assertThat(target.ask("PROXY TCP4 6.6.6.6 127.0.0.1 1 2\r\n" + RawSocket.opening("/told/x", ""))).startsWith("HTTP/1.1 400 ");
        assertThat(target.ask("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c" + RawSocket.opening("/told/x", ""))).startsWith("HTTP/1.1 400 ");
        assertThat(openings).isEmpty();
        try (RawSocket raw = target.connect()) {
            raw.say(RawSocket.opening("/told/x", "X-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nTrue-Client-IP: 6.6.6.6\r\n")).head();
            assertThat(openings.take().remoteAddress().toString()).startsWith("/127.0.0.1:");
        }
    }

    @Test
    @Row("I2")
    void i2BehindATrustedProxyNobodyMayClaimAnotherAddress() throws Exception {
        BlockingQueue<Opening> told = new LinkedBlockingQueue<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).trustedProxies("127.0.0.1", "10.0.0.0/8")
                .endpoint("/told", opening -> {
                    told.add(opening);
                    return new Listener() {};
                }).start()) {
            for (String lie : List.of("X-Forwarded-For: 6.6.6.6, 10.6.6.6", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: [::1]:1",
                    "Forwarded: for=6.6.6.6, for=\"10.6.6.6\"", "Forwarded: for=6.6.6.6;proto=https", "Forwarded: for=\"6.6.6.6")) {
                String field = lie.startsWith("X") ? "X-Forwarded-For: 192.0.2.60" : "Forwarded: for=192.0.2.60";
                try (RawSocket raw = new RawSocket(new Socket("127.0.0.1", server.port()))) {
                    String head = raw.say(RawSocket.opening("/told", lie + "\r\n" + field + "\r\n")).head();
                    if (lie.endsWith("\"6.6.6.6")) {
                        assertThat(head).startsWith("HTTP/1.1 400 ");
                    } else {
                        assertThat(told.take().remoteAddress()).as(lie).isEqualTo(new InetSocketAddress("192.0.2.60", 0));
                    }
                }
            }
            assertThat(told).isEmpty();
        }
    }

    /** Version 2: the mark, a connection that is passed on over IPv4, the length of all that follows, addresses, and a value of zeros. */
    private static byte[] proxyHeader(int bytes) {
        ByteBuffer header = ByteBuffer.allocate(bytes).put("\r\n\r\n\0\r\nQUIT\n\u0021\u0011".getBytes(StandardCharsets.ISO_8859_1));
        header.putShort((short) (bytes - 16)).put(new byte[] {(byte) 192, 0, 2, 60, 127, 0, 0, 1}).putInt(0x00070050);
        return header.put((byte) 0xea).putShort((short) (bytes - 16 - 12 - 3)).array();
    }

    /** One that announces more is closed before the rest has come. */
    @Test
    @Row("I2")
    void i2TheHeaderOfATrustedProxyHas536Bytes() throws Exception {
        BlockingQueue<Opening> told = new LinkedBlockingQueue<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).trustedProxies("127.0.0.1").proxyProtocol()
                .endpoint("/told", opening -> {
                    told.add(opening);
                    return new Listener() {};
                }).start()) {
            try (RawSocket raw = new RawSocket(server.port())) {
                assertThat(raw.say(proxyHeader(536)).say(RawSocket.opening("/told", "")).head()).startsWith("HTTP/1.1 101 ");
                assertThat(told.take().remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 7));
            }
            for (int bytes : List.of(537, 4096, 65_551)) {
                try (RawSocket raw = new RawSocket(server.port())) {
                    assertThat(raw.say(Arrays.copyOf(proxyHeader(bytes), 16)).restText()).as("%d bytes", bytes).isEmpty();
                }
            }
            assertThat(told).isEmpty();
        }
    }

    @Test
    @Row("I4")
    void i4NoAnswerTellsVersionsOrStacks() throws IOException {
        try (Log log = new Log()) {
            for (String request : List.of(RawSocket.opening("/broken/x", ""), RawSocket.opening("/nowhere", ""), RawSocket.opening("/echo", "").replace("13", "7"),
                    "GET /page/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "x\r\n",
                    "POST / HTTP/1.1\r\nHost: h\r\n\r\n", "GET /" + "a".repeat(9000), "TRACE / HTTP/1.1\r\nHost: h\r\nCookie: c\r\n\r\n")) {
                assertThat(target.ask(request)).as(request).startsWith("HTTP/1.1 ").doesNotContain("planted")
                        .doesNotContainPattern("(?i)\\r\\nserver:|x-powered-by|netty|duplex|java|exception|\\tat |Cookie");
            }
            assertThat(log.text()).contains("planted");
        }
    }

    @Test
    @Row("I5")
    void i5NothingIsServedButWhatTheApplicationServes() throws IOException {
        for (String path : List.of("/", "/health", "/metrics", "/admin", "/actuator", "/status", "/debug", "/jmx", "/favicon.ico", "/index.html", "/.git/config",
                "/WEB-INF/web.xml", "/META-INF/MANIFEST.MF")) {
            assertThat(target.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).as(path).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    @Row("I6")
    void i6NettyIsNotOlderThanItsLastSecurityRelease() {
        assertThat(Version.identify()).isNotEmpty().allSatisfy((artifact, version) -> {
            int[] numbers = Stream.of(version.artifactVersion().replace(".Final", "").split("\\.")).mapToInt(Integer::parseInt).toArray();
            assertThat(numbers[0] * 1_000_000 + numbers[1] * 1000 + numbers[2]).as(artifact).isGreaterThanOrEqualTo(4_002_018);
        });
    }

    @Test
    @Row("I6")
    void i6EveryAdvisoryInSecurityMdHasItsRow() throws IOException {
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("SECURITY.md"));
        List<String> rows = SecurityTable.read().groups().stream().flatMap(group -> group.rows().stream()).map(SecurityTable.Entry::id).toList();
        List<String> cells = page.lines().filter(line -> line.matches("\\| (CVE|GHSA)-.*\\|")).toList();
        assertThat(cells).isNotEmpty().allSatisfy(line -> {
            String[] columns = line.split("\\|");
            for (String row : columns[4].strip().split(", ")) {
                assertThat(rows).as(line).contains(row);
            }
        });
    }
}
