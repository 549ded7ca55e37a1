package dev.duplex.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Makes up inputs for every {@code @FuzzTest}, each in a process of its own and for {@code -Dfuzz.seconds}; none without that.
 *
 * <p>As many run at once as there are processors. Those that have less than a minute spend most of it on their beginning: twice as
 * many run at once, and the compiler that begins sooner is the only one. How many inputs each had stands in {@code target/fuzzing.txt}.
 */
class FuzzingTest {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    /** An input that takes so long is a finding, on the busiest machine. */
    private static final int SLOW_INPUT_SECONDS = 60;
    private static final Path TOTALS = Path.of("target", "fuzzing.txt");

    /** How the fuzzer ended, and the last that it said. */
    private record Run(int exit, String said) {}

    @TestFactory
    Stream<DynamicTest> fuzzing() throws IOException {
        int seconds = Integer.getInteger("fuzz.seconds", 0);
        if (seconds == 0) {
            return Stream.empty();
        }
        Files.deleteIfExists(TOTALS);
        ExecutorService atOnce = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors() * (isShort(seconds) ? 2 : 1));
        List<DynamicTest> tests = targets().map(target -> {
            Future<Run> run = atOnce.submit(() -> fuzz(target, seconds));
            return DynamicTest.dynamicTest(name(target), () -> assertPassed(name(target), run.get()));
        }).toList();
        atOnce.shutdown();
        return tests.stream();
    }

    private static boolean isShort(int seconds) {
        return seconds < 60;
    }

    private static String name(Method target) {
        return target.getDeclaringClass().getSimpleName() + "." + target.getName();
    }

    /** The last line counts the inputs whether it found something or not: that, the exit status tells. */
    private static void assertPassed(String name, Run run) throws IOException {
        Matcher done = DONE.matcher(run.said());
        assertThat(run.exit()).as(run.said()).isZero();
        assertThat(done.find()).as(run.said()).isTrue();
        Files.writeString(TOTALS, "%,12d runs in %s s  %s%n".formatted(Long.parseLong(done.group(1)), done.group(2), name),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static Run fuzz(Method target, int seconds) throws IOException, InterruptedException {
        Path found = Files.createDirectories(Path.of("target", "corpus", name(target)));
        Path seeds = Path.of("src/test/resources", target.getDeclaringClass().getName().replace('.', '/') + "Inputs", target.getName());
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (isShort(seconds) ? 1 : 4), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getDeclaringClass().getName(), "--target_method=" + target.getName(),
                "--instrumentation_includes=dev.duplex.**", "-max_total_time=" + seconds, "-timeout=" + SLOW_INPUT_SECONDS,
                found.toString(), seeds.toString()).redirectErrorStream(true).start();
        try (Stream<String> lines = process.inputReader().lines()) {
            List<String> said = lines.toList();
            return new Run(process.waitFor(), String.join("\n", said.subList(Math.max(0, said.size() - 60), said.size())));
        }
    }

    private static Stream<Method> targets() throws IOException {
        Path root = testClasses();
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith("FuzzTest.class"))
                    .sorted()
                    .toList()
                    .stream()
                    .flatMap(name -> Stream.of(load(name).getDeclaredMethods()))
                    .filter(method -> method.isAnnotationPresent(FuzzTest.class));
        }
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(file.replace(".class", "").replace('/', '.'), false, FuzzingTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path testClasses() {
        try {
            return Path.of(FuzzingTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
