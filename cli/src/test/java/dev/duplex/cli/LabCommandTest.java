package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

class LabCommandTest {

    @Test
    void aServerOfItsOwnIsMeasured(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("lab.json");
        Ran ran = Ran.duplex("", "lab", "--duration", "300ms", "--carrier", "websocket,websocket-compressed", "--json", json.toString());
        assertThat(ran.err()).matches("duplex: 6 measurements, about \\d+ s\n");
        assertThat(ran.status()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("push: the server sends", "request: the client sends", "both: each sends", "full duplex", "p99.9 ms", "█")
                .doesNotContain("\u001b", "not measured");
        Map<String, Object> report = JSON.std.mapFrom(Files.readString(json));
        assertThat((List<?>) report.get("feeds")).hasSize(6);
        assertThat(report).containsEntry("same_machine", true).containsKeys("machine", "date");
    }

    @Test
    void aServerElsewhereIsMeasured() throws IOException {
        try (Served served = Served.with("--compress", "--compress-threshold", "0")) {
            Ran ran = Ran.duplex("", "lab", "--duration", "200ms", "--rate", "20", "--direction", "both", "--carrier", "websocket", "--json", "-",
                    served.address().toString());
            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(JSON.std.mapFrom(ran.out())).containsEntry("same_machine", false);
        }
    }

    @Test
    void aServerBehindTlsIsMeasured() throws IOException {
        try (Served served = Served.with("--tls-self-signed")) {
            Ran ran = Ran.duplex("", "lab", "--duration", "200ms", "--rate", "20", "--direction", "push", "--carrier", "websocket", "--insecure",
                    served.address().toString());
            assertThat(ran.status()).as(ran.err()).isZero();
            Ran wary = Ran.duplex("", "lab", "--duration", "200ms", "--carrier", "websocket", served.address().toString());
            assertThat(wary.status()).isEqualTo(1);
            assertThat(wary.err().lines().toList().getLast()).startsWith("duplex: ").contains("cannot be reached");
        }
    }

    @Test
    void everyCarrierGoesThroughAProxy() throws IOException {
        try (Served served = Served.with("--compress", "--compress-threshold", "0"); ConnectProxy proxy = new ConnectProxy()) {
            Ran ran = Ran.duplex("", "lab", "--duration", "200ms", "--rate", "20", "--direction", "both", "--poll-interval", "100ms", "--proxy", proxy.address(),
                    served.address().toString());
            assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
            assertThat(ran.out()).contains(", through the proxy 127.0.0.1:").doesNotContain("not measured");
            assertThat(proxy.tunnels()).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void throughAProxyTlsReachesTheServer() throws IOException {
        try (Served served = Served.with("--tls-self-signed"); ConnectProxy proxy = new ConnectProxy()) {
            Ran ran = Ran.duplex("", "lab", "--duration", "200ms", "--rate", "20", "--direction", "push", "--carrier", "sse,websocket", "--http2", "--insecure",
                    "--proxy", proxy.address(), "--json", "-", served.address().toString());
            assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
            Map<String, Object> report = JSON.std.mapFrom(ran.out());
            assertThat((List<?>) report.get("feeds")).extracting(feed -> ((Map<?, ?>) feed).get("carrier")).map(Object::toString).containsExactly("sse", "websocket-h2");
            assertThat(report.get("proxy").toString()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void http2WithoutAWebSocketIsWrongUse() {
        Ran ran = Ran.duplex("", "lab", "--http2", "--carrier", "sse");
        assertThat(ran.err()).isEqualTo("duplex: --http2 is for WebSockets, and --carrier names none\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void compressionOverHttp2IsRefusedOrSaidToBeLeftOut() throws IOException {
        Ran alone = Ran.duplex("", "lab", "--http2", "--carrier", "sse,websocket-compressed");
        assertThat(alone.err()).isEqualTo("duplex: compression is not measured over HTTP/2; leave out --http2, or name the carrier websocket too\n");
        assertThat(alone.status()).isEqualTo(2);
        try (Served served = Served.with("--compress")) {
            Ran ran = Ran.duplex("", "lab", "--http2", "--carrier", "websocket,websocket-compressed", "--duration", "200ms", "--rate", "20", "--direction", "push",
                    served.address().toString());
            assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
            assertThat(ran.err()).contains("duplex: compression is not measured over HTTP/2\n");
            assertThat(ran.out()).contains("websocket-h2").doesNotContain("websocket-compressed");
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() {
        Ran ran = Ran.duplex("", "lab", "--proxy", "http://127.0.0.1:1", "http://127.0.0.1:2/");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err().lines().toList().getLast())
                .startsWith("duplex: http://127.0.0.1:2/ cannot be reached: the proxy 127.0.0.1:1 cannot be reached: ");
    }

    @Test
    void nobodyThereIsOneLine() {
        Ran ran = Ran.duplex("", "lab", "http://127.0.0.1:1/");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err().lines().toList().getLast()).startsWith("duplex: http://127.0.0.1:1/ cannot be reached: Connection refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--rate|0", "--rate|20000", "--rate|x", "--size|10", "--size|1MiB", "--duration|0s", "--duration|1h", "--carrier|pigeon",
        "--direction|sideways", "--proxy|ftp://h", "--unix|''", "--delay|10s", "--loss|51", "--loss|-1",
    })
    void aBadOptionIsOneLineAndStatusTwo(String option, String value) {
        Ran ran = Ran.duplex("", "lab", option, value);
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err().lines()).hasSize(1).first().asString().startsWith("duplex: ");
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--http2", "--proxy http://p", "--no-proxy *", "--unix /run/s", "--carrier sse", "--direction push", "-s 100", "--rate 10", "--delay 1ms",
        "--poll-interval 1s", "--cacert a.pem", "--cert a.pem --key k.pem", "--p12 f --password-file g", "--insecure", "http://127.0.0.1:1/",
    })
    void whyTcpRefusesWhatItDoesNotUse(String unused) {
        Ran ran = Ran.duplex("", ("lab --why-tcp --loss 5 " + unused).split(" "));
        assertThat(ran.err()).startsWith("duplex: --why-tcp makes its own network and messages, and takes no ").hasLineCount(1);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void anAddressThatIsNoneIsOneLineAndStatusTwo() {
        Ran ran = Ran.duplex("", "lab", "ws://127.0.0.1:1/");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void filesThatCannotBeWrittenAreRefusedBeforeAnythingIsMeasured(@TempDir Path directory) throws IOException {
        Path plain = Files.writeString(directory.resolve("plain.md"), "no place\n");
        for (String[] args : new String[][] {{"--html", directory + "/none/lab.html"}, {"--json", directory.toString()}, {"--markdown", plain.toString()},
            {"--why-tcp", "http://127.0.0.1:1/"}}) {
            Ran ran = Ran.duplex("", "lab", args[0], args[1]);
            assertThat(ran.status()).as(args[0]).isEqualTo(2);
            assertThat(ran.err().lines()).hasSize(1);
        }
    }

    @Test
    void whyTcpIsMeasuredOrSaysInOneLineWhyNot(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("why.html");
        Ran ran = Ran.duplex("", "lab", "--why-tcp", "--html", page.toString());
        assertThat(ran.out()).startsWith("why TCP");
        assertThat(ran.out().contains("not measured") ? ran.out().lines().count() : 0).isLessThanOrEqualTo(1);
        assertThat(ran.status()).isEqualTo(ran.out().contains("not measured") ? 1 : 0);
        assertThat(Files.readString(page)).contains("Why TCP", "왜 TCP인가");
    }

    @Test
    void barsAreNeverEmptyAndNeverTooLong() {
        assertThat(LabScreen.bar(0)).isEqualTo("▏");
        assertThat(LabScreen.bar(1)).isEqualTo("█".repeat(40));
        assertThat(LabScreen.bar(0.5)).isEqualTo("█".repeat(20));
    }
}
