package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.conformance.Report;
import dev.duplex.conformance.ReportFiles;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CheckCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ourServerPassesTheQuickSetStrictly(boolean secure) throws Exception {
        assertOurServerPasses(secure);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak")
    void ourServerPassesTheFullSetStrictly(boolean secure) throws Exception {
        assertOurServerPasses(secure, full(secure));
    }

    /**
     * Every case in its full size. The thousandth message of a case says as little of TLS as the hundredth: what the many may
     * find, the state of a compressor or of an assembler gone wrong, lies above it and is found without.
     */
    private static String[] full(boolean secure) {
        return secure ? new String[] {"--full", "--messages", "100"} : new String[] {"--full"};
    }

    private static void assertOurServerPasses(boolean secure, String... set) throws Exception {
        List<String> serve = new ArrayList<>(List.of("--compress", "--max-message-bytes", "16MiB"));
        if (secure) {
            serve.add("--tls-self-signed");
        }
        try (Served served = Served.with(serve.toArray(String[]::new))) {
            List<String> check = new ArrayList<>(List.of("check", "--patience", "30s", "--insecure", served.ws("/echo")));
            check.addAll(List.of(set));
            assertPasses(Ran.duplex("", check.toArray(String[]::new)));
        }
    }

    /** What a stream carries differently: sizes, how connections end, and the opening. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ourServerPassesOverHttp2Too(boolean secure) throws Exception {
        List<String> serve = new ArrayList<>(List.of("--compress", "--max-message-bytes", "16MiB"));
        if (secure) {
            serve.add("--tls-self-signed");
        }
        try (Served served = Served.with(serve.toArray(String[]::new))) {
            Ran ran = Ran.duplex("", "check", "--http2", "--patience", "30s", "--insecure", "--only", secure ? "1,7,9.1,20" : "1,2,5,7,9.1,9.2,12.1,20,22,27", served.ws("/echo"));
            assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
            assertThat(ran.out()).contains(" 0 FAIL, ", "\n38 of the INFO are openings that only HTTP/1.1 has: they were not played over HTTP/2.")
                    .doesNotContainPattern("NON-STRICT (?!20\\.7\\.[89])[\\d.]+");
        }
    }

    @Test
    void whatIsWrongOverHttp2IsFound() throws Exception {
        try (Served served = Served.with()) {
            Ran ran = Ran.duplex("", "check", "--http2", "--only", "1.1.2", "--patience", "1s", "--wire", served.ws("/room/a"));
            assertThat(ran.out()).contains("FAIL ", "> CONNECT /room/a HTTP/2 | Sec-WebSocket-Version: 13", "< HTTP/2 200");
            assertThat(ran.status()).isEqualTo(1);
            Ran none = Ran.duplex("", "check", "--http2", served.ws("/none"));
            assertThat(none.err()).isEqualTo("duplex: no WebSocket at " + served.ws("/none") + ": it answers 'HTTP/2 404'\n");
            assertThat(none.status()).isEqualTo(1);
        }
    }

    @Test
    void whatWasJudgedOverHttp2IsCalledSo() throws Exception {
        try (Served served = Served.with()) {
            Path json = directory.resolve("h2.json");
            Ran ran = Ran.duplex("", "check", "--http2", "--patience", "30s", "--only", "1.1.2,7.3.4", "--json", json.toString(), served.ws("/echo"));
            assertThat(ran.out()).contains("/echo over HTTP/2: 2 PASS");
            assertThat(ReportFiles.readJson(json)).singleElement().extracting(Report::http).isEqualTo("2");
            assertThat(Files.readString(json)).contains("stream ended").doesNotContain("TCP ended");
            Ran none = Ran.duplex("", "check", "--http2", "--only", "20.2.6", served.ws("/echo"));
            assertThat(none.err()).isEqualTo("duplex: over HTTP/2 nothing of 20.2.6 is played: these are openings that only HTTP/1.1 has\n");
            assertThat(none.status()).isEqualTo(2);
        }
    }

    @Test
    void withoutTlsThereIsNoHintAtCertificates() throws Exception {
        try (Served served = Served.with()) {
            Ran ran = Ran.duplex("", "check", "--only", "1.1.1", served.ws("/echo").replaceFirst("ws", "wss"));
            assertThat(ran.err()).startsWith("duplex: no TLS with wss://").doesNotContain("--insecure", "Exception").hasLineCount(1);
            assertThat(ran.status()).isEqualTo(1);
        }
    }

    @Test
    void ourClientPassesTheQuickSetStrictly() throws Exception {
        assertOurClientPasses(false);
    }

    /** What TLS carries differently: sizes, how connections end, and the opening; not each text and each compressed message. */
    @Test
    void ourClientPassesOverTlsToo() throws Exception {
        assertOurClientPasses(true, "--only", "1,2,5,7,9.1,9.2,10,21,22,27");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("soak")
    void ourClientPassesTheFullSetStrictly(boolean secure) throws Exception {
        assertOurClientPasses(secure, full(secure));
    }

    private static void assertOurClientPasses(boolean secure, String... set) throws Exception {
        List<String> check = new ArrayList<>(List.of("--patience", "30s"));
        check.addAll(List.of(set));
        if (secure) {
            check.add("--tls-self-signed");
        }
        assertPasses(new Listening(check.toArray(String[]::new)).judgeOurClient());
    }

    private static void assertPasses(Ran ran) {
        assertThat(ran.out()).contains(" 0 NON-STRICT, 0 FAIL, 3 INFO");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
    }

    @Test
    void aFailureIsToldWithItsWireAndInEveryFile() throws Exception {
        try (Served served = Served.with("--max-message-bytes", "64KiB")) {
            Path json = directory.resolve("r.json");
            Path junit = directory.resolve("r.xml");
            Path html = directory.resolve("r.html");
            Ran ran = Ran.duplex("", "check", "--only", "9.1.2,1.1.1", "--wire", "--agent", "small", "--json", json.toString(), "--junit", junit.toString(),
                    "--html", html.toString(), served.ws("/echo"));
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).contains("FAIL       9.1.2", "Close 1009", "< CLOSE", "small: 1 PASS, 0 NON-STRICT, 1 FAIL, 0 INFO", "message limit is too small");
            assertThat(ReportFiles.readJson(json)).singleElement().extracting(Report::failed).isEqualTo(true);
            assertThat(Files.readString(junit)).contains("failures=\"1\"");
            assertThat(Files.readString(html)).contains("small", "9.1.2");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "check | name the URL of a server, or --listen PORT for clients",
        "check --listen 1 ws://127.0.0.1:1/ | not both",
        "check --tls-self-signed wss://127.0.0.1:1/ | certificates are for --listen",
        "check --listen 0 --tls-cert a.pem | go together",
        "check --listen 0 --tls-cert missing.pem --tls-key missing.pem | missing.pem cannot be read",
        "check http://127.0.0.1:1/ | not a ws:// or wss:// address",
        "check --only 99 ws://127.0.0.1:1/ | no case matches 99",
        "check --jobs 0 ws://127.0.0.1:1/ | at least 1",
        "check --max-message-bytes 1GiB ws://127.0.0.1:1/ | at most",
    })
    void wrongUseIsOneLineAndStatus2(String line, String said) {
        Ran ran = Ran.duplex("", line.split(" "));
        assertThat(ran.err()).contains(said).hasLineCount(1);
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void nobodyAtTheAddressIsOneLineAndStatus1() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Ran ran = Ran.duplex("", "check", "ws://127.0.0.1:" + port + "/");
        assertThat(ran.err()).contains("nobody answers at ws://127.0.0.1:" + port + "/").hasLineCount(1);
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void aPathWithoutAWebSocketIsOneLineAndTheServersBeforeItAreStillTold() throws Exception {
        try (Served served = Served.with()) {
            Ran ran = Ran.duplex("", "check", "--only", "1.1.1", served.ws("/echo"), served.ws("/nothing"));
            assertThat(ran.out()).contains("/echo: 1 PASS");
            assertThat(ran.err()).contains("no WebSocket at " + served.ws("/nothing") + ": it answers 'HTTP/1.1 404 Not Found'").hasLineCount(1);
            assertThat(ran.status()).isEqualTo(1);
        }
    }

    @Test
    void anUntrustedCertificateIsSaidToBeThat() throws Exception {
        try (Served served = Served.with("--tls-self-signed")) {
            Ran ran = Ran.duplex("", "check", "--only", "1.1.1", served.ws("/echo"));
            assertThat(ran.err()).contains("--insecure accepts any certificate").hasLineCount(1);
            assertThat(ran.status()).isEqualTo(1);
        }
    }
}
