package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.WebSocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The public suite h2spec, 145 cases of HTTP/2, blames our server for nothing but what docs/testing.md explains. */
@Timeout(300)
class H2SpecTest {
    private static final int CASE_COUNT = 145;
    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final Path PAGE = Path.of("../docs/testing.md");
    /** More than a connection may send unasked, so that no case hangs on whether the answer's stream has ended just before. */
    private static final String ANSWER = "a page ".repeat(20_000);

    @Test
    void everyCasePassesButThoseThatAreExplained() throws Exception {
        Path report = Programs.TARGET.resolve("peers/h2spec.xml");
        Files.deleteIfExists(report);
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .http("/", query -> HttpAnswer.text(200, ANSWER)).start()) {
            Programs.run(new ProcessBuilder(program().toString(), "--host", "127.0.0.1", "--port", Integer.toString(server.port()),
                    "--timeout", "20", "--junit-report", report.toString()), "h2spec");
        }
        List<String> failed = new ArrayList<>();
        assertThat(cases(report, failed)).isEqualTo(CASE_COUNT);
        assertThat(explained()).containsAll(failed);
    }

    /** The suite is a program inside a Maven plugin's jar, for one kind of machine. */
    private static Path program() throws IOException {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            return Programs.missing("h2spec for this machine");
        }
        Path home = Files.createDirectories(Programs.TARGET.resolve("peers"));
        Path archive = home.resolve("h2spec.tar.gz");
        try (InputStream in = H2SpecTest.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
            Files.write(archive, in.readAllBytes());
        }
        Programs.mustRun(new ProcessBuilder("tar", "xzf", archive.toString(), "-C", home.toString()), "tar");
        return home.resolve("h2spec");
    }

    /** @return how many cases there were */
    private static int cases(Path report, List<String> failed) throws Exception {
        NodeList cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            if (one.getElementsByTagName("failure").getLength() + one.getElementsByTagName("error").getLength() > 0) {
                failed.add(one.getAttribute("package") + " " + one.getAttribute("classname"));
            }
        }
        return cases.getLength();
    }

    /** {@code | http2/5.1 half closed … | why |} */
    private static Set<String> explained() throws IOException {
        Set<String> explained = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| `http2/") || line.startsWith("| `generic/") || line.startsWith("| `hpack/")) {
                explained.add(line.split("`")[1]);
            }
        }
        return explained;
    }
}
