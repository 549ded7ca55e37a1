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
    private static final Report REPORT = new Report("one <agent>", "server", "", List.of(FAILED, PASSED));

    @TempDir
    private Path directory;

    @Test
    void jsonIsReadAsItWasWritten() throws IOException {
        Path file = directory.resolve("results.json");
        ReportFiles.writeJson(file, List.of(REPORT));
        assertThat(ReportFiles.readJson(file)).containsExactly(REPORT);
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
        ReportFiles.writeHtml(file, List.of(REPORT, new Report("other", "server", "The server died in case 2.", List.of(PASSED))));
        String page = Files.readString(file);
        assertThat(page).contains("one \\u003cagent>", "The server died in case 2.").doesNotContain("</script><b>", "http://", "https://", "src=");
    }
}
