package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/                       | /             | ''",
        "/ws                     | /ws           | ''",
        "/ws/                    | /ws/          | ''",
        "/WS                     | /WS           | ''",
        "/ws;x=1                 | /ws;x=1       | ''",
        "/ws%3Bx=1               | /ws;x=1       | ''",
        "/ws?a=b&c=%2F..         | /ws           | a=b&c=%2F..",
        "/ws?                    | /ws           | ''",
        "/ws??a                  | /ws           | ?a",
        "/ws?/../x               | /ws           | /../x",
        "/%77%73                 | /ws           | ''",
        "/room/a%20b             | /room/a b     | ''",
        "/room/%C3%BC%e2%82%ac   | /room/ü€      | ''",
        "/room/%F0%9F%98%80      | /room/😀      | ''",
        "/100%25                 | /100%         | ''",
        "/%252e%252e             | /%2e%2e       | ''",
        "/a%3Fb                  | /a?b          | ''",
        "/...                    | /...          | ''",
        "/.well-known/a          | /.well-known/a | ''",
        "/a..b/..c/d..           | /a..b/..c/d.. | ''",
        "/~a!$&'()*+,:@=-_       | /~a!$&'()*+,:@=-_ | ''",
        "http://a/ws?x           | /ws           | x",
        "HTTPS://a:1             | /             | ''",
        "http://a?x              | /             | x"})
    void aTargetHasOneCanonicalPath(String target, String path, String query) {
        assertThat(RequestTarget.parse(target)).contains(new RequestTarget(path, query));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "ws", "*", "example.com:80", "?x", "#", "ftp://a/", "ws://a/", "://a/", "http:/a", "/ws#", "/ws?a#b", "http://a#b",
        "/..", "/.", "/./", "/../", "/ws/../admin", "/ws/./a", "/ws/..", "/ws/.", "/%2e", "/%2E%2e/a", "/.%2e", "/ws/%2e%2e/admin", "http://a/../b",
        "//", "//ws", "/ws//", "/ws//a", "///", "http://a//b",
        "/a%2Fb", "/a%2fb", "/%2f", "/a\\b", "/a%5Cb", "/a%5c", "/..\\a",
        "/%00", "/a%00.txt", "/%0a", "/%0D%0A", "/%1f", "/%7F", "/%c2%80", "/%C2%9F", "/a\u0000b", "/a\nb", "/a b", "/a\tb", "/a\u007f",
        "/%", "/%2", "/%zz", "/%2x", "/%u0041", "/a%", "/%\uff11\uff11",
        "/%ff", "/%c0%af", "/%c0%ae%c0%ae/", "/%ed%a0%80", "/%c3", "/%f4%90%80%80", "/%e0%80%af", "/\u00fc", "/\u2025", "/ws?\u00fc", "/ws?a b", "/ws?\r"})
    void whatIsMalformedOrAmbiguousHasNone(String target) {
        assertThat(RequestTarget.parse(target)).isEmpty();
    }

    @Test
    void noTargetGivesAPathThatAnotherCouldTakeForAnother() {
        Random random = new Random(9112);
        String[] pieces = {"/", "/", "a", ".", "..", "%2e", "%2F", ";x", "%5c", "\\", "%00", "%", "%c3%bc", "%25", "?", "#", "b"};
        int canonical = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder target = new StringBuilder("/");
            for (int i = random.nextInt(6); i > 0; i--) {
                target.append(pieces[random.nextInt(pieces.length)]);
            }
            RequestTarget parsed = RequestTarget.parse(target.toString()).orElse(null);
            if (parsed != null) {
                canonical++;
                assertThat(parsed.path()).startsWith("/").doesNotContain("//", "/./", "/../", "\\", "\u0000");
                assertThat(parsed.path()).doesNotEndWith("/.").doesNotEndWith("/..");
                assertThat(normalized(parsed.path())).isEqualTo(parsed.path());
            }
        }
        assertThat(canonical).isGreaterThan(10_000);
    }

    @Test
    void aCanonicalPathEncodedAgainIsItself() throws URISyntaxException {
        for (String path : new String[] {"/", "/a b/ü", "/100%", "/%2e%2e/x", "/a;b=c/", "/a?b#c"}) {
            String encoded = new URI(null, null, path, null).toASCIIString();
            assertThat(RequestTarget.parse(encoded)).contains(new RequestTarget(path, ""));
        }
    }

    @Test
    void aQueryIsMadeOfVisibleAsciiAsThePathIs() {
        for (char c = 0; c < 0x100; c++) {
            assertThat(RequestTarget.parse("/a?" + c).isPresent()).as("U+%04X", (int) c).isEqualTo(c > ' ' && c < 0x7f && c != '#');
        }
    }

    @Test
    void aRequestIsForOneHost() {
        assertThat(host("/", "Host", "App.Example:80")).contains("app.example");
        assertThat(host("/", "Host", "[::1]:80")).contains("[::1]");
        assertThat(host("http://app.example/", "Host", "app.example:80")).contains("app.example");
        assertThat(host("/")).isEmpty();
        assertThat(host("/", "Host", "a", "Host", "a")).isEmpty();
        assertThat(host("/", "Host", "u@a")).isEmpty();
        assertThat(host("http://a/", "Host", "b")).isEmpty();
        assertThat(host("http:///", "Host", "b")).isEmpty();
    }

    private static Optional<String> host(String target, String... headers) {
        return RequestTarget.host(new OpeningRequest("GET", target, "HTTP/1.1", Headers.of(headers)));
    }

    /** What the JDK's own idea of a path makes of it. */
    private static String normalized(String path) {
        try {
            return new URI("http", "a", path, null).normalize().getPath();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
