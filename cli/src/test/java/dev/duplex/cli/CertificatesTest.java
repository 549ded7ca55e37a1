package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command's certificates, on both sides. */
@Timeout(300)
class CertificatesTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void make() throws Exception {
        Files.writeString(directory.resolve("password"), "wonderland\n");
        for (String name : List.of("server", "client")) {
            keytool("-genkeypair", name, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:localhost,ip:127.0.0.1", "-startdate", "-1d");
            keytool("-exportcert", name, "-rfc", "-file", file(name + ".pem"));
        }
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static void keytool(String verb, String name, String... more) throws Exception {
        List<String> command = Stream.concat(Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                verb, "-alias", "a", "-storetype", "PKCS12", "-keystore", file(name + ".p12"), "-storepass", "wonderland"), Stream.of(more)).toList();
        assertThat(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start().waitFor()).isZero();
    }

    private static Served serve(String... more) throws Exception {
        return Served.with(Stream.concat(Stream.of("--verbose", "--tls-p12", file("server.p12"), "--tls-password-file", file("password")), Stream.of(more))
                .toArray(String[]::new));
    }

    private static String[] shown(String... command) {
        return Stream.concat(Stream.of(command), Stream.of("--cacert", file("server.pem"), "--p12", file("client.p12"), "--password-file", file("password")))
                .toArray(String[]::new);
    }

    @Test
    void aServerKnowsAClientByItsCertificateAndLetsInNobodyElse() throws Exception {
        try (Served served = serve("--client-ca", file("client.pem"))) {
            Ran known = Ran.duplex("hi\n", shown("connect", "--wait", "0s", served.ws("/echo")));
            assertThat(known.out()).as(known.err()).isEqualTo("hi\n");
            Ran nobody = Ran.duplex("hi\n", "connect", "--cacert", file("server.pem"), served.ws("/echo"));
            assertThat(nobody.status()).isEqualTo(1);
            assertThat(nobody.err()).startsWith("duplex: ").hasLineCount(1);
            served.stop();
            assertThat(served.err()).startsWith("#1 from 127.0.0.1 over TLS as CN=client\n");
        }
    }

    @Test
    void benchCheckAndLabShowACertificateToo() throws Exception {
        try (Served served = serve("--client-ca", file("client.pem"))) {
            Ran bench = Ran.duplex("", shown("bench", "--connections", "1", "--warm-up", "0s", "--duration", "3s", served.ws("/echo")));
            assertThat(bench.status()).as(bench.err()).isZero();
            Ran check = Ran.duplex("", shown("check", "--only", "1.1.1", served.ws("/echo")));
            assertThat(check.status()).as(check.err()).isZero();
            Ran lab = Ran.duplex("", shown("lab", "--carrier", "websocket", "--duration", "1s", served.address().toString()));
            assertThat(lab.status()).as(lab.err()).isZero();
            for (String[] over : List.of(shown("connect", "--http2", "--wait", "0s", served.ws("/echo")),
                    shown("bench", "--http2", "--connections", "2", "--warm-up", "0s", "--duration", "3s", served.ws("/echo")),
                    shown("check", "--http2", "--only", "1.1.1", served.ws("/echo")),
                    shown("lab", "--http2", "--carrier", "websocket", "--direction", "push", "--duration", "200ms", served.address().toString()))) {
                Ran ran = Ran.duplex("", over);
                assertThat(ran.status()).as(over[0] + ran.err()).isZero();
            }
            assertThat(Ran.duplex("", "check", "--cacert", file("server.pem"), "--only", "1.1.1", served.ws("/echo")).status()).isEqualTo(1);
        }
    }

    @Test
    void whatDoesNotFitTogetherIsOneLineAndStatus2() {
        assertWrong("--cert and --key go together", "--cert", file("client.pem"));
        assertWrong("--p12 and --password-file go together", "--p12", file("client.p12"));
        assertWrong("--insecure trusts everyone; leave out --cacert", "--insecure", "--cacert", file("server.pem"));
        assertWrong("the password in ", "--p12", file("client.p12"), "--password-file", file("server.pem"));
        assertWrong("missing cannot be read", "--cacert", file("missing"));
        assertWrong("server.p12 has no private key", "--cert", file("server.pem"), "--key", file("server.p12"));
    }

    private static void assertWrong(String words, String... options) {
        for (String command : List.of("connect", "bench", "check", "lab")) {
            String url = command.equals("lab") ? "https://127.0.0.1:1/" : "wss://127.0.0.1:1/";
            Ran ran = Ran.duplex("", Stream.concat(Stream.of(command), Stream.concat(Stream.of(options), Stream.of(url))).toArray(String[]::new));
            assertThat(ran.err()).as(command).startsWith("duplex: ").contains(words).hasLineCount(1);
            assertThat(ran.status()).as(command).isEqualTo(2);
        }
    }
}
