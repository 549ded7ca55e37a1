package dev.duplex.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.proxy.ProxyHandshake.Step;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to proxies, and what follows from what they say, byte for byte. */
class ProxyHandshakeTest {
    private static final String OK = "HTTP/1.1 200 Connection established\r\n\r\n";

    private static ProxyHandshake to(String proxy, String host, int port) {
        try {
            return ProxyRoute.through(Proxy.parse(proxy)).to(host, port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Feeds an answer in one piece and byte by byte: both must come to the same. */
    private static Step after(ProxyHandshake[] twice, byte[] answer) {
        Step whole = twice[0].receive(ByteBuffer.wrap(answer));
        Step last = null;
        for (byte b : answer) {
            last = twice[1].receive(ByteBuffer.wrap(new byte[] {b}));
            if (!(last instanceof Step.Send(byte[] said) && said.length == 0)) {
                break;
            }
        }
        assertThat(last).hasSameClassAs(whole);
        return whole;
    }

    private static ProxyHandshake[] twice(String proxy) {
        return new ProxyHandshake[] {to(proxy, "host.example", 443), to(proxy, "host.example", 443)};
    }

    private static Step http(String proxy, String answer) {
        return after(twice(proxy), answer.getBytes(ISO_8859_1));
    }

    private static String why(Step step) {
        return ((Step.Failed) step).why();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(Step step) {
        return HexFormat.of().formatHex(((Step.Send) step).bytes());
    }

    @Test
    void connectNamesTheTargetAndNoPassword() {
        assertThat(new String(to("me:secret@p:1", "host.example", 443).begin(), ISO_8859_1))
                .isEqualTo("CONNECT host.example:443 HTTP/1.1\r\nHost: host.example:443\r\n\r\n");
        assertThat(new String(to("p:1", "::1", 80).begin(), ISO_8859_1)).startsWith("CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {OK, "HTTP/1.0 200\r\n\r\n", "HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nA: b\r\n\r\n" + OK})
    void anySuccessOpensTheWay(String answer) {
        assertThat(http("p:1", answer)).isInstanceOf(Step.Open.class);
    }

    @Test
    void aBodyAfterTheSuccessIsTheProxysOwn() {
        assertThat(why(to("p:1", "h", 1).receive(ByteBuffer.wrap((OK + "hello").getBytes(ISO_8859_1))))).isEqualTo("the proxy p:1 sent something of its own into the tunnel");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 403 Forbidden   | 403 | the proxy p:1 does not let through to host.example:443: 403 Forbidden",
        "HTTP/1.1 502 Bad Gateway | 502 | the proxy p:1 cannot reach host.example:443: 502 Bad Gateway",
        "HTTP/1.1 302 Found       | 302 | the proxy p:1 refused to connect to host.example:443: 302 Found",
        "HTTP/1.1 418 \u0007\u001b[1m | 418 | the proxy p:1 refused to connect to host.example:443: 418 ??[1m",
        "HTTP/1.1 999 x           | 0   | the proxy p:1 does not speak HTTP",
        "HTTP/2 200               | 0   | the proxy p:1 does not speak HTTP",
        "SSH-2.0-OpenSSH          | 0   | the proxy p:1 does not speak HTTP",
        "HTTP/1.1 407 x           | 407 | the proxy p:1 wants a user name and password (407); give them as http://user:password@host:port",
    })
    void aRefusalIsOneSentence(String line, int status, String why) {
        assertThat(http("p:1", line.strip() + "\r\n\r\n")).isEqualTo(new Step.Failed(status, why));
    }

    @Test
    void aHeadWithoutEndIsNotKept() {
        assertThat(why(http("p:1", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(20_000)))).isEqualTo("the proxy p:1 answered with a head without end");
    }

    @Test
    void interimAnswersWithoutEndAreNotAwaited() {
        assertThat(why(http("p:1", "HTTP/1.1 100 Continue\r\n\r\n".repeat(5)))).isEqualTo("the proxy p:1 does not come to its answer");
    }

    @Test
    void whoeverAsksIsAnsweredOnANewConnection() {
        Step step = http("me:pw@p:1", "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 4\r\n\r\nbody");
        ProxyHandshake next = ((Step.Again) step).next();
        assertThat(new String(next.begin(), ISO_8859_1)).contains("\r\nProxy-Authorization: Basic bWU6cHc=\r\n");
        assertThat(next.receive(ByteBuffer.wrap(OK.getBytes(ISO_8859_1)))).isInstanceOf(Step.Open.class);
    }

    @Test
    void aPasswordThatIsNotRightIsTriedOnce() {
        byte[] asked = "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n".getBytes(ISO_8859_1);
        ProxyHandshake next = ((Step.Again) to("me:pw@p:1", "h", 1).receive(ByteBuffer.wrap(asked))).next();
        assertThat(next.receive(ByteBuffer.wrap(asked))).isEqualTo(new Step.Failed(407, "the proxy p:1 does not accept the user name and password (407)"));
    }

    @Test
    void aWrongPasswordMayBeCalledAnother() {
        byte[] asked = "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n".getBytes(ISO_8859_1);
        ProxyHandshake next = ((Step.Again) to("me:pw@p:1", "h", 1).receive(ByteBuffer.wrap(asked))).next();
        assertThat(next.receive(ByteBuffer.wrap("HTTP/1.0 401 Unauthorized\r\n\r\n".getBytes(ISO_8859_1))))
                .isEqualTo(new Step.Failed(401, "the proxy p:1 does not accept the user name and password (401)"));
    }

    @Test
    void aNonceThatWentStaleIsReplacedButNotForEver() {
        byte[] asked = "HTTP/1.1 407 x\r\nProxy-Authenticate: Digest realm=r, nonce=n, qop=auth, stale=true\r\n\r\n".getBytes(ISO_8859_1);
        List<Step> steps = new ArrayList<>();
        Step step = to("me:pw@p:1", "h", 1).receive(ByteBuffer.wrap(asked));
        while (step instanceof Step.Again again && steps.size() < 10) {
            steps.add(step);
            step = again.next().receive(ByteBuffer.wrap(asked));
        }
        assertThat(steps).hasSize(3);
        assertThat(((Step.Failed) step).status()).isEqualTo(407);
    }

    @Test
    void aRouteRemembersHowTheProxyAsked() throws UnknownHostException {
        ProxyRoute route = ProxyRoute.through(Proxy.parse("me:pw@p:1"));
        byte[] asked = "HTTP/1.1 407 x\r\nProxy-Authenticate: Digest realm=r, nonce=n, qop=auth\r\n\r\n".getBytes(ISO_8859_1);
        ((Step.Again) route.to("a", 1).receive(ByteBuffer.wrap(asked))).next().begin();
        ProxyHandshake second = route.to("b", 2);
        assertThat(new String(second.begin(), ISO_8859_1)).contains("Proxy-Authorization: Digest ").contains("nc=00000002").contains("uri=\"b:2\"");
        assertThat(second.receive(ByteBuffer.wrap(asked))).as("a nonce forgotten by the proxy").isInstanceOf(Step.Again.class);
    }

    @Test
    void aLoginThatIsNotSpokenIsNamed() {
        assertThat(why(http("me:pw@p:1", "HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n")))
                .isEqualTo("the proxy p:1 wants a login that is not spoken here (407): negotiate, ntlm; Basic, and Digest with MD5 or SHA-256, are");
    }

    @Test
    void anEndBeforeTheAnswerIsToldAsSuch() {
        assertThat(to("p:1", "h", 1).ended().why()).isEqualTo("the proxy p:1 closed the connection before it let anything through");
    }

    @Test
    void aProxyThatIsTooLateIsToldAsSuch() {
        assertThat(to("p:1", "h", 1).late(500).why()).isEqualTo("the proxy p:1 did not answer within 500 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "socks4://p,        192.0.2.7,    04 01 01bb c0000207 00",
        "socks4a://me@p,    host.example, 04 01 01bb 00000001 6d65 00 686f73742e6578616d706c65 00",
        "socks4a://p,       192.0.2.7,    04 01 01bb c0000207 00",
    })
    void socks4SaysItAllAtOnce(String proxy, String host, String request) {
        assertThat(to(proxy, host, 443).begin()).isEqualTo(hex(request));
    }

    @ParameterizedTest
    @CsvSource({
        "00 5b 0000 00000000, 'does not let through to host.example:443, or cannot reach it (SOCKS 4 code 91)'",
        "00 5d 0000 00000000, wants to know the user from an ident server (SOCKS 4 code 93)",
        "00 00 0000 00000000, answered with an unknown SOCKS 4 code: 0",
        "05 00,               does not speak SOCKS 4",
    })
    void socks4RefusesInOneSentence(String answer, String why) {
        assertThat(why(after(twice("socks4a://p"), hex(answer)))).isEqualTo("the proxy p:1080 " + why);
    }

    @Test
    void socks4OpensTheWay() {
        assertThat(after(twice("socks4a://p"), hex("00 5a 0000 00000000"))).isInstanceOf(Step.Open.class);
    }

    @Test
    void socks4HasNoIpv6() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ProxyRoute.through(Proxy.parse("socks4://p")).to("::1", 1)))
                .isInstanceOf(UnknownHostException.class).hasMessageContaining("no IPv6");
    }

    @ParameterizedTest
    @CsvSource({
        "host.example, 05 01 00 03 0c 686f73742e6578616d706c65 01bb",
        "192.0.2.7,    05 01 00 01 c0000207 01bb",
        "::1,          05 01 00 04 00000000000000000000000000000001 01bb",
    })
    void socks5AsksWithoutALogin(String host, String request) {
        ProxyHandshake handshake = to("socks5h://p", host, 443);
        assertThat(handshake.begin()).isEqualTo(hex("05 01 00"));
        assertThat(hex(handshake.receive(ByteBuffer.wrap(hex("05 00"))))).isEqualTo(request.replace(" ", ""));
        assertThat(handshake.receive(ByteBuffer.wrap(hex("05 00 00 01 7f000001 0438")))).isInstanceOf(Step.Open.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"05 00 00 01 7f000001 0438", "05 00 00 03 03 616263 0438", "05 00 00 04 00000000000000000000000000000001 0438"})
    void socks5LogsIn(String answer) {
        ProxyHandshake handshake = to("socks5h://me:pw@p", "a", 1);
        assertThat(handshake.begin()).isEqualTo(hex("05 02 00 02"));
        assertThat(hex(handshake.receive(ByteBuffer.wrap(hex("05 02"))))).isEqualTo("01026d65027077");
        assertThat(hex(handshake.receive(ByteBuffer.wrap(hex("01 00"))))).isEqualTo("050100030161" + "0001");
        assertThat(handshake.receive(ByteBuffer.wrap(hex(answer)))).isInstanceOf(Step.Open.class);
    }

    @ParameterizedTest
    @CsvSource({
        "socks5h://p,       05 ff,                wants a user name and password; give them as socks5://user:password@host:port",
        "socks5h://p,       05 02,                wants a user name and password; give them as socks5://user:password@host:port",
        "socks5h://me:pw@p, 05 ff,                wants a way to log in that is not spoken here",
        "socks5h://me:pw@p, 05 02 01 01,          does not accept the user name and password",
        "socks5h://me:pw@p, 05 02 05,             does not speak SOCKS 5",
        "socks5h://p,       04,                   does not speak SOCKS 5",
        "socks5h://p,       48,                does not speak SOCKS 5",
        "socks5h://p,       05 00 05 05 00 01,    cannot reach host.example:443: connection refused",
        "socks5h://p,       05 00 05 02 00 01,    does not let through to host.example:443",
        "socks5h://p,       05 00 05 01 00 01,    failed to reach host.example:443 (SOCKS 5 code 1)",
        "socks5h://p,       05 00 05 00 00 09 00, does not speak SOCKS 5",
    })
    void socks5RefusesInOneSentence(String proxy, String answer, String why) {
        ProxyHandshake handshake = to(proxy, "host.example", 443);
        Step step = null;
        for (byte b : hex(answer)) {
            step = step instanceof Step.Failed ? step : handshake.receive(ByteBuffer.wrap(new byte[] {b}));
        }
        assertThat(why(step)).isEqualTo("the proxy p:1080 " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nX-Injected: b", "a\rb", "a\0b", "a\\\nX: b", "a\u007f"})
    void nothingInAChallengeEndsALineOfTheNextRequest(String value) {
        for (String challenge : List.of("Digest realm=\"" + value + "\", nonce=\"n\"", "Digest realm=\"r\", nonce=\"" + value + "\"",
                "Digest realm=\"r\", nonce=\"n\", opaque=\"" + value + "\"")) {
            Step step = to("http://u:p@proxy:1", "a", 1).receive(ByteBuffer.wrap(
                    ("HTTP/1.1 407 Who\r\nProxy-Authenticate: " + challenge + "\r\n\r\n").getBytes(ISO_8859_1)));
            if (step instanceof Step.Again(ProxyHandshake next)) {
                assertThat(new String(next.begin(), ISO_8859_1).replace("\r\n", "")).doesNotContainPattern("\\p{Cntrl}");
            }
        }
    }

    @Test
    void aHeadWithoutALineIsNoAnswer() {
        assertThat(to("http://proxy:1", "a", 1).receive(ByteBuffer.wrap("\r\n\r\n".getBytes(ISO_8859_1)))).isInstanceOf(Step.Failed.class);
    }
}
