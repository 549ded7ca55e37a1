package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Prints docs/security.md from the rows and from the {@link Row} annotations on the tests of this module. */
class SecurityTableTest {
    private static final String COMMAND = "./mvnw -pl attacks -am test -Ddocs.refresh -Dtest=SecurityTableTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false";

    /** A line of SECURITY.md: the advisories, whose, what happened, which rows, and their tests. */
    private static final Pattern ADVISORY = Pattern.compile("(?m)^(\\| (?:CVE|GHSA)-[^|]* \\| [^|]* \\| [^|]* \\| )([A-I][0-9]+(?:, [A-I][0-9]+)*) \\| [^|]*\\|$");

    private static final String HEAD = """
            # What a hostile peer may try, and the test that it gets nowhere

            Printed from the tests: one that proves a row carries `@Row("A15")` and begins with `a15`, and `%s` prints this file \
            anew. Most of these have broken other implementations. A row that does not bind, or does not hold yet, says why \
            instead. After each test \
            against a running server a client that was connected before it, and one that comes after it, echo within a second on \
            the same event loop; that loop comes to rest; and Netty's leak detector, at its paranoid level, has nothing to report.
            """.formatted(COMMAND);

    @Test
    void theDocumentListsEveryRowWithItsTests() throws IOException {
        Path file = testClasses().resolve("../../../docs/security.md").normalize();
        String text = print();
        if (System.getProperty("docs.refresh") != null) {
            Files.writeString(file, text);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("docs/security.md is stale; print it anew with: %s", COMMAND)
                .isEqualTo(text);
    }

    /** SECURITY.md is written by hand but for the tests of each advisory, which are those of its rows. */
    @Test
    void everyAdvisoryNamesTheTestsOfItsRows() throws IOException {
        Path file = testClasses().resolve("../../../SECURITY.md").normalize();
        String text = Files.readString(file);
        Map<String, TreeSet<String>> proofs = proofs();
        String told = ADVISORY.matcher(text).replaceAll(advisory -> advisory.group(1) + advisory.group(2) + " | "
                + Stream.of(advisory.group(2).split(", ")).map(row -> quoted(proofs.getOrDefault(row, new TreeSet<>()))).collect(Collectors.joining(", ")) + " |");
        if (System.getProperty("docs.refresh") != null) {
            Files.writeString(file, told);
        }
        assertThat(ADVISORY.matcher(text).results()).hasSizeGreaterThan(20);
        assertThat(text.lines().filter(line -> line.matches("\\| .*(CVE|GHSA)-.*"))).as("lines of the table").allMatch(ADVISORY.asMatchPredicate());
        assertThat(told).as("an advisory without a test").doesNotContain("``");
        assertThat(Files.readString(file)).as("SECURITY.md is stale; its tests are written anew with: %s", COMMAND).isEqualTo(told);
    }

    @Test
    void everyRowHasATestOrSaysWhyNot() throws IOException {
        assertThat(rows().filter(row -> row.why() == null).map(SecurityTable.Entry::id))
                .containsExactlyInAnyOrderElementsOf(proofs().keySet());
    }

    @Test
    void everyProofIsATestThatBearsItsRowInItsName() throws IOException {
        List<String> impostors = testMethods()
                .filter(method -> method.isAnnotationPresent(Row.class))
                .filter(method -> !AnnotationSupport.isAnnotated(method, Testable.class)
                        || !method.getName().matches(method.getAnnotation(Row.class).value().toLowerCase(Locale.ROOT) + "[A-Z].*"))
                .map(Method::toString)
                .toList();
        assertThat(impostors).isEmpty();
    }

    private static Stream<SecurityTable.Entry> rows() {
        return SecurityTable.read().groups().stream().flatMap(group -> group.rows().stream());
    }

    private static String print() throws IOException {
        Map<String, TreeSet<String>> proofs = proofs();
        StringBuilder text = new StringBuilder(HEAD);
        for (SecurityTable.Group group : SecurityTable.read().groups()) {
            text.append("\n## %s. %s\n\n| row | what comes | what is required | proven by |\n|---|---|---|---|\n"
                    .formatted(group.letter(), group.title()));
            for (SecurityTable.Entry row : group.rows()) {
                String proof = row.why() != null ? row.why() : quoted(proofs.getOrDefault(row.id(), new TreeSet<>()));
                text.append("| %s | %s | %s | %s |\n".formatted(row.id(), row.input(), row.required(), proof));
            }
        }
        return text.toString();
    }

    private static String quoted(TreeSet<String> tests) {
        return "`" + String.join("`, `", tests) + "`";
    }

    private static Map<String, TreeSet<String>> proofs() throws IOException {
        Map<String, TreeSet<String>> proofs = new TreeMap<>();
        testMethods().filter(method -> method.isAnnotationPresent(Row.class)).forEach(method -> proofs
                .computeIfAbsent(method.getAnnotation(Row.class).value(), row -> new TreeSet<>())
                .add(method.getDeclaringClass().getSimpleName() + "." + method.getName()));
        return proofs;
    }

    private static Stream<Method> testMethods() throws IOException {
        Path root = testClasses();
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names = files.map(file -> root.relativize(file).toString()).filter(name -> name.endsWith(".class")).toList();
            return names.stream()
                    .map(name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')))
                    .flatMap(type -> Stream.of(type.getDeclaredMethods()));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, SecurityTableTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path testClasses() {
        try {
            return Path.of(SecurityTableTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
