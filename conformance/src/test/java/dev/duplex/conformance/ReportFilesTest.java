package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportFilesTest {
    private static final Result FAILED = new Result("1.1.1", "1.1 Texts", "an empty text", "RFC 6455 §5.6", Verdict.FAIL,
            "Came: </script><b>\u0000 & \"nothing\".", 12, List.of("0.001 > TEXT empty", "0.002 < (TCP ended)"));
    private static final Result PASSED = new Result("1.1.2", "1.1 Texts", "a text", "RFC 6455 §5.6", Verdict.PASS, "Came: text.", 3, List.of());
    private static final Report REPORT = new Report("one <agent>", "server", "2", "", List.of(FAILED, PASSED));

    @TempDir
    private Path directory;

    @Test
    void jsonIsReadAsItWasWritten() throws IOException {
        Path file = directory.resolve("results.json");
        ReportFiles.writeJson(file, List.of(REPORT));
        assertThat(ReportFiles.readJson(file)).containsExactly(REPORT);
    }

    @Test
    void resultsOfBeforeAreOfHttp1() throws IOException {
        Path file = directory.resolve("results.json");
        ReportFiles.writeJson(file, List.of(REPORT));
        Files.writeString(file, Files.readString(file).replace("\"http\":\"2\",", ""));
        assertThat(ReportFiles.readJson(file)).singleElement().extracting(Report::http).isEqualTo("1.1");
    }

    @Test
    void whatWasNotPlayedIsSkippedInJunit() throws IOException {
        Path file = directory.resolve("results.xml");
        Result left = new Result("22.1", "22 Openings", "a bent line", "RFC 6455 §4.1", Verdict.INFO, Report.OF_HTTP_1, 0, List.of());
        ReportFiles.writeJunit(file, List.of(new Report("a", "server", "2", "", List.of(PASSED, left))));
        assertThat(Files.readString(file)).contains("skipped=\"1\"", "<skipped message=\"Not played over HTTP/2: ");
    }

    @Test
    void aFileWithoutResultsIsRefused() throws IOException {
        for (String text : List.of("", "{}", "[1]", "{\"reports\":[{}]}", "no JSON")) {
            Path file = Files.writeString(directory.resolve("other.json"), text);
            assertThatThrownBy(() -> ReportFiles.readJson(file)).isInstanceOf(IOException.class).hasMessageContaining("holds no results");
        }
    }

    @Test
    void junitIsXmlWithOneFailure() throws Exception {
        Path file = directory.resolve("results.xml");
        ReportFiles.writeJunit(file, List.of(REPORT));
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(2);
        assertThat(xml.getElementsByTagName("failure").item(0).getTextContent()).contains("TEXT empty");
        assertThat(xml.getElementsByTagName("testsuite").item(0).getAttributes().getNamedItem("failures").getNodeValue()).isEqualTo("1");
    }

    @Test
    void theHtmlPageHoldsTheResultsAndNothingFromElsewhere() throws IOException {
        Path file = directory.resolve("results.html");
        ReportFiles.writeHtml(file, List.of(REPORT, new Report("other", "server", "1.1", "The server died in case 2.", List.of(PASSED))));
        String page = Files.readString(file);
        assertThat(page).contains("one \\u003cagent>", "The server died in case 2.").doesNotContain("</script><b>", "http://", "https://", "src=");
    }
}
