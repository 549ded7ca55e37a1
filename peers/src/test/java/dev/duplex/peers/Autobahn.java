package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.jr.ob.JSON;

/** The public Autobahn suite: a Python 2 program inside a Maven plugin's jar, which Jython runs. */
final class Autobahn {
    /** Groups 1 to 7, 9 and 10: framing. The compression of this version is a draft that never became RFC 7692. */
    static final int CASE_COUNT = 301;

    private static final List<String> CASES = List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*");

    /** What the suite only looks at, whoever is examined: data after a Close, and close codes that it leaves open. */
    private static final Set<String> INFORMATIONAL = Set.of("7.1.6", "7.13.1", "7.13.2");

    private static final Path HOME = Programs.TARGET.resolve("autobahn");
    private static final int SUITE_MINUTES = 15;

    private final Path reports;
    private final Process process;

    private Autobahn(String mode, Map<String, Object> peer) throws IOException {
        reports = HOME.resolve(mode);
        Files.createDirectories(reports);
        Files.deleteIfExists(reports.resolve("index.json"));
        unpack();
        Path specification = HOME.resolve(mode + ".json");
        JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).write(specification(peer), specification.toFile());
        process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dpython.path=" + HOME.resolve("suite"),
                "-Dpython.cachedir=" + HOME.resolve("cache"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp", jarOf("org/python/util/jython.class").toString(),
                "org.python.util.jython", Programs.resource("autobahn/wstest.py").toString(), "-m", mode, "-s", specification.toString())
                .redirectErrorStream(true)
                .redirectOutput(Programs.log("autobahn-" + mode))
                .start();
    }

    /** Examines a server, to the end. */
    static Autobahn examineServer(String url) throws Exception {
        Autobahn suite = new Autobahn("fuzzingclient",
                Map.of("servers", List.of(Map.of("agent", "duplex", "url", url, "options", Map.of("version", 18)))));
        try {
            assertThat(suite.process.waitFor(SUITE_MINUTES, TimeUnit.MINUTES)).as("the suite ended in time").isTrue();
        } finally {
            Programs.end(suite.process);
        }
        return suite;
    }

    /** A server that examines the client which asks it for cases. */
    static Autobahn examineClients(String url) throws IOException {
        return new Autobahn("fuzzingserver", Map.of("url", url, "webport", 0));
    }

    void end() {
        Programs.end(process);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A test for each case of the report, and one for their number. */
    Stream<DynamicTest> verdicts() throws IOException {
        Map<String, Object> report = JSON.std.mapFrom(Files.readString(reports.resolve("index.json")));
        Map<?, ?> cases = (Map<?, ?>) report.get("duplex");
        return Stream.concat(
                Stream.of(dynamicTest("every case was run", () -> assertThat(cases).hasSize(CASE_COUNT))),
                cases.entrySet().stream().map(entry -> dynamicTest("case " + entry.getKey(), () -> judge(entry.getKey(), entry.getValue()))));
    }

    private void judge(Object number, Object verdict) {
        String wanted = INFORMATIONAL.contains(number) ? "INFORMATIONAL" : "OK";
        String page = reports.resolve("duplex_case_" + number.toString().replace('.', '_') + ".html").toString();
        assertThat(((Map<?, ?>) verdict).get("behavior")).as("messages, see " + page).isEqualTo(wanted);
        assertThat(((Map<?, ?>) verdict).get("behaviorClose")).as("closing, see " + page).isEqualTo(wanted);
    }

    private Map<String, Object> specification(Map<String, Object> peer) {
        Map<String, Object> all = new HashMap<>(peer);
        all.putAll(Map.of("options", Map.of("failByDrop", false), "outdir", reports.toString(), "cases", CASES,
                "exclude-cases", List.of(), "exclude-agent-cases", Map.of()));
        return all;
    }

    private static synchronized void unpack() throws IOException {
        Path suite = HOME.resolve("suite");
        if (Files.exists(suite.resolve("unpacked"))) {
            return;
        }
        try (InputStream jar = Files.newInputStream(jarOf("autobahntestsuite/wstest.py")); ZipInputStream zip = new ZipInputStream(jar)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = suite.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(suite)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Files.createFile(suite.resolve("unpacked"));
    }

    /** The jar on the class path that has this file. */
    private static Path jarOf(String file) {
        URL url = Autobahn.class.getClassLoader().getResource(file);
        String jar = url.getPath();
        return Path.of(URI.create(jar.substring(0, jar.indexOf("!/"))));
    }
}
