package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on dependencies names what the poms name, and nothing that has gone. */
class DependenciesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([a-zA-Z][a-zA-Z0-9._-]+)</artifactId>");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+`) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @Test
    void everyDependencyHasItsSentence() throws IOException {
        assertThat(described()).containsAll(named(modules()));
    }

    @Test
    void everySentenceHasItsDependency() throws IOException {
        assertThat(named(Stream.concat(modules(), Stream.of(ROOT)))).containsAll(described());
    }

    private static Set<String> described() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/dependencies.md"));
        Set<String> names = new TreeSet<>();
        ROW.matcher(page).results().forEach(row -> names.addAll(all(NAME, row.group(1))));
        return names;
    }

    private static Stream<Path> modules() throws IOException {
        try (Stream<Path> children = Files.list(ROOT)) {
            return children.filter(child -> Files.exists(child.resolve("pom.xml"))).toList().stream();
        }
    }

    private static Set<String> named(Stream<Path> modules) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path module : modules.toList()) {
            names.addAll(all(ARTIFACT, Files.readString(module.resolve("pom.xml"))));
        }
        names.removeIf(name -> name.startsWith("duplex"));
        return names;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
    }
}
