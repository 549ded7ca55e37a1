package dev.duplex.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java that the documents show is the examples' own, which the other test runs. */
class DocsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern BLOCK = Pattern.compile("^```java\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs")); Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(docs, top).filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everySnippetIsPartOfAnExample(Path document) throws IOException {
        for (String snippet : BLOCK.matcher(Files.readString(document)).results().map(found -> found.group(1)).toList()) {
            assertThat(examples()).as(snippet).anyMatch(example -> holds(example, snippet));
        }
    }

    @Test
    void theReadmeShowsAServerAndAClient() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("class EchoServer", "class EchoClient");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) throws IOException {
        assertThat(LINK.matcher(Files.readString(document)).results().map(found -> found.group(1)).filter(link -> !link.contains("://")))
                .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }

    /** Whether a file holds a snippet, at whatever depth it is indented. */
    private static boolean holds(String file, String snippet) {
        return Stream.of(0, 4, 8).anyMatch(depth -> file.contains(depth == 0 ? snippet : snippet.indent(depth).replaceAll("(?m)^ +$", "")));
    }

    private static List<String> examples() {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/duplex/examples"))) {
            return files.map(DocsTest::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
