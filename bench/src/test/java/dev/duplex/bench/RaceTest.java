package dev.duplex.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import picocli.CommandLine;
import tools.jackson.jr.ob.JSON;

/** That a race can be run and becomes a page; too short a race to tell anything. */
@Timeout(600)
class RaceTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void aRaceBecomesAPageAPlotAndEveryMeasurement(@TempDir Path out) throws IOException, ParserConfigurationException, SAXException {
        int status = new CommandLine(new Race(ROOT, new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))).execute("--servers", "netty,undertow", "--cases", "echo-125,wss-125", "--rounds", "2",
                "--warm-up", "0.4", "--duration", "0.4", "--starts", "0", "--out", out.toString());
        assertThat(status).isZero();
        Map<String, Object> all = JSON.std.mapFrom(Files.readString(out.resolve("benchmarks.json")));
        List<?> measurements = (List<?>) all.get("measurements");
        List<?> failures = (List<?>) all.get("failures");
        assertThat(failures).as("on a machine busy with other things, nothing may come back in time").hasSizeLessThanOrEqualTo(2 * 2 * 2 / 2)
                .allMatch(failure -> failure.toString().matches(".*, (echo-125|wss-125), round [12]: (no answer came in time|answers were wrong, or did not come)"));
        assertThat(measurements).hasSize(2 * 2 * 2)
                .allSatisfy(one -> assertThat((Map<?, ?>) ((Map<?, ?>) one).get("load")).satisfies(load -> assertThat(load.get("wrong")).hasToString("0")));
        assertThat((List<?>) all.get("warmUps")).hasSize(2 * 2);
        assertThat(all).containsEntry("isWhole", true);
        assertThat(Files.readString(out.resolve("benchmarks.md")))
                .contains("| Netty codec, epoll |", "| Undertow |", "## Latency in ms, p99.9").doesNotContain("NaN", "stopped before its end");
        String svg = Files.readString(out.resolve("benchmarks.svg"));
        assertThat(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)))
                .getElementsByTagName("rect").getLength()).isEqualTo(bars(measurements));
    }

    /** A bar for each server in each case in which something came back: on a machine busy with other things, that may be fewer. */
    private static int bars(List<?> measurements) {
        return (int) measurements.stream().map(one -> (Map<?, ?>) one).filter(one -> one.containsKey("cpuMicrosPerMessage"))
                .map(one -> one.get("server") + " " + one.get("case")).distinct().count();
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Results.median(1, 5, 9)).isEqualTo(5);
        assertThat(Results.median(1, 5, 7, 9)).isEqualTo(6);
        assertThat(Results.median()).isNaN();
    }
}
