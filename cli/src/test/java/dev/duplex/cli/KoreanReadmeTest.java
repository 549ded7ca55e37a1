package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code README.ko.md} says what {@code README.md} says. */
class KoreanReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static List<String> all(String file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL | Pattern.MULTILINE).matcher(Files.readString(ROOT.resolve(file))).results().map(MatchResult::group).toList();
    }

    private static void same(String pattern) throws IOException {
        assertThat(all("README.ko.md", pattern)).isEqualTo(all("README.md", pattern)).isNotEmpty();
    }

    @Test
    void theCodeBlocksAreEqual() throws IOException {
        same("^```.*?^```$");
    }

    @Test
    void theCommandsAndNamesInTheTextAreEqual() throws IOException {
        String inline = "(?<![`\\w])`[^`\\n]+`(?!`)";
        assertThat(all("README.ko.md", inline)).containsExactlyInAnyOrderElementsOf(all("README.md", inline));
    }

    @Test
    void theLinksAreEqual() throws IOException {
        String target = "(?<=\\]\\()(?!README)[^)]+(?=\\))";
        same(target);
        assertThat(all("README.md", "\\]\\(README\\.ko\\.md\\)")).hasSize(1);
        assertThat(all("README.ko.md", "\\]\\(README\\.md\\)")).hasSize(1);
    }

    @Test
    void theSectionsListsAndParagraphsAreAsMany() throws IOException {
        assertThat(all("README.ko.md", "^## ")).hasSameSizeAs(all("README.md", "^## "));
        assertThat(all("README.ko.md", "^- ")).hasSameSizeAs(all("README.md", "^- "));
        assertThat(all("README.ko.md", "^## [^\\n]*[가-힣]")).hasSameSizeAs(all("README.md", "^## "));
    }
}
