package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./duplex}, in a checkout whose Maven is a stand-in that packs a small program. */
class LauncherTest {
    /** Says what Maven would, counts its runs, and takes long enough for two starts to meet. */
    private static final String MAVEN = """
            #!/bin/sh
            echo run >> builds
            echo '[INFO] Building Duplex protocol 0.1.0-SNAPSHOT                       [2/3]'
            if [ -e broken ]; then echo '[ERROR] Fault.java:[1,1] a semicolon is missing'; echo '[ERROR] -> [Help 1]'; exit 1; fi
            mkdir -p cli/target
            sleep 1
            cp program.jar cli/target/duplex.jar
            """;

    @TempDir
    private Path temp;

    private Path home;

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(temp.resolve("a checkout"));
        Files.createDirectories(home.resolve("cli/src/main"));
        Files.createDirectories(home.resolve(".mvn"));
        Files.copy(Path.of("../.mvn/jdk.sh"), home.resolve(".mvn/jdk.sh"));
        Files.copy(Path.of("../duplex"), home.resolve("duplex"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("cli/pom.xml"), "");
        Files.writeString(home.resolve("mvnw"), MAVEN);
        assertThat(home.resolve("mvnw").toFile().setExecutable(true)).isTrue();
        packProgram();
    }

    @Test
    void theFirstStartBuildsAndTheNextDoesNot() throws Exception {
        Outcome first = start(home.resolve("duplex"), "hello");
        assertThat(first.output()).isEqualTo("hello\n");
        assertThat(first.complaints()).contains("duplex: building it first", "duplex: building protocol (2 of 3)", "duplex: built in");
        Outcome second = start(home.resolve("duplex"), "hello", "again");
        assertThat(second).isEqualTo(new Outcome(0, "hello again\n", ""));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aCacheThatJavaWillNotHaveIsNotInTheWay() throws Exception {
        start(home.resolve("duplex"));
        Files.writeString(home.resolve("target/run/duplex.aot"), "this is no cache");
        assertThat(start(home.resolve("duplex"), "hello")).isEqualTo(new Outcome(0, "hello\n", ""));
    }

    @Test
    void theStatusIsTheProgramsOwn() throws Exception {
        assertThat(start(home.resolve("duplex"), "exit 7").status()).isEqualTo(7);
    }

    @Test
    void aNewerSourceIsBuilt() throws Exception {
        start(home.resolve("duplex"));
        Path source = Files.writeString(home.resolve("cli/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
        start(home.resolve("duplex"));
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildTellsItsCause() throws Exception {
        Files.createFile(home.resolve("broken"));
        Outcome outcome = start(home.resolve("duplex"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.complaints()).contains("Fault.java:[1,1] a semicolon is missing", "duplex: the build failed").doesNotContain("[Help");
    }

    @Test
    void twoFirstStartsBuildOnce() throws Exception {
        Process one = launch(home.resolve("duplex"), "one");
        Process two = launch(home.resolve("duplex"), "two");
        assertThat(outcome(one).output()).isEqualTo("one\n");
        assertThat(outcome(two).output()).isEqualTo("two\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void itIsFoundThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("linked"), Path.of("a checkout/duplex"));
        assertThat(start(link, "hello").output()).isEqualTo("hello\n");
    }

    @Test
    void aNamedJdkThatIsNoneIsSaidInOneLine() throws Exception {
        ProcessBuilder program = new ProcessBuilder(home.resolve("duplex").toString());
        program.environment().put("DUPLEX_JAVA_HOME", temp.toString());
        Outcome outcome = outcome(program.start());
        assertThat(outcome).isEqualTo(
                new Outcome(2, "", "duplex: DUPLEX_JAVA_HOME=" + temp + " is no JDK of version 21 or newer\n"));
    }

    /** What a start came to. */
    private record Outcome(int status, String output, String complaints) {}

    private Outcome start(Path script, String... arguments) throws Exception {
        return outcome(launch(script, arguments));
    }

    private Process launch(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command).directory(temp.toFile());
        program.environment().put("DUPLEX_JAVA_HOME", System.getProperty("java.home"));
        return program.start();
    }

    private static Outcome outcome(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), new String(process.getInputStream().readAllBytes()),
                new String(process.getErrorStream().readAllBytes()));
    }

    private int builds() throws IOException {
        return Files.readAllLines(home.resolve("builds")).size();
    }

    /** A runnable jar with {@link Program} alone. */
    private void packProgram() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Name.MAIN_CLASS, Program.class.getName());
        String file = Program.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(home.resolve("program.jar")), manifest);
                var code = Program.class.getClassLoader().getResourceAsStream(file)) {
            jar.putNextEntry(new ZipEntry(file));
            code.transferTo(jar);
        }
    }

    /** Prints its arguments, or exits as it is told. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            if (arguments.length == 1 && arguments[0].startsWith("exit ")) {
                System.exit(Integer.parseInt(arguments[0].substring(5)));
            }
            System.out.println(String.join(" ", arguments));
        }
    }
}
