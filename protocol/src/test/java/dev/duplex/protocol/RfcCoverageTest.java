package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Prints docs/rfc-coverage.md from the {@link Rfc} annotations on the tests of this module. */
class RfcCoverageTest {
    private static final String HEAD = """
            # Which test proves which rule

            Printed from the tests: one that proves a rule carries `@Rfc(section = "5.5", rule = "control frames are not \
            fragmented")` (with `number = 7692` for the other RFC), and `%s` prints this file anew.
            """.formatted(PrintedDocument.command(RfcCoverageTest.class));

    private record Rule(int rfc, String section, String text) {}

    private static final Comparator<Rule> IN_THE_RFCS_ORDER = Comparator.comparingInt(Rule::rfc)
            .thenComparing(rule -> numbers(rule.section()), Arrays::compare)
            .thenComparing(Rule::text);

    @Test
    void theDocumentListsEveryRuleThatATestProves() throws IOException {
        PrintedDocument.assertUpToDate("rfc-coverage.md", print(provenRules()), RfcCoverageTest.class);
    }

    @Test
    void onlyTestsClaimToProveARule() throws IOException {
        List<String> impostors = testClasses().flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> method.getAnnotationsByType(Rfc.class).length > 0)
                .filter(method -> !AnnotationSupport.isAnnotated(method, Testable.class))
                .map(Method::toString)
                .toList();
        assertThat(impostors).isEmpty();
    }

    private static Map<Rule, TreeSet<String>> provenRules() throws IOException {
        Map<Rule, TreeSet<String>> proven = new TreeMap<>(IN_THE_RFCS_ORDER);
        testClasses().forEach(type -> {
            collect(type, type.getSimpleName(), proven);
            for (Method method : type.getDeclaredMethods()) {
                collect(method, type.getSimpleName() + "." + method.getName(), proven);
            }
        });
        return proven;
    }

    private static void collect(AnnotatedElement test, String name, Map<Rule, TreeSet<String>> proven) {
        for (Rfc rfc : test.getDeclaredAnnotationsByType(Rfc.class)) {
            Rule rule = new Rule(rfc.number(), rfc.section(), rfc.rule());
            proven.computeIfAbsent(rule, r -> new TreeSet<>()).add(name);
        }
    }

    private static String print(Map<Rule, TreeSet<String>> proven) {
        StringBuilder text = new StringBuilder(HEAD);
        int[] rfc = {0};
        proven.forEach((rule, tests) -> {
            if (rule.rfc() != rfc[0]) {
                rfc[0] = rule.rfc();
                text.append("\n## RFC %d\n\n| § | rule | proven by |\n|---|---|---|\n".formatted(rfc[0]));
            }
            text.append("| %s | %s | `%s` |\n".formatted(rule.section(), rule.text(), String.join("`, `", tests)));
        });
        return text.toString();
    }

    private static Stream<Class<?>> testClasses() throws IOException {
        Path root = PrintedDocument.testClasses();
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
                    .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')))
                    .toList().stream();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, RfcCoverageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] numbers(String section) {
        return Stream.of(section.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
