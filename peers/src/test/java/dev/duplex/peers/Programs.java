package dev.duplex.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where the programs of other makers are, and what happens to a test whose program is missing. */
final class Programs {
    /** This module's build directory: what the tests build and what the programs say goes there. */
    static final Path TARGET = Path.of("target").toAbsolutePath();

    /** Five minutes: what is run to its end is a download at the most. */
    private static final int RUN_MINUTES = 5;

    private Programs() {}

    /** A program on the PATH. */
    static Path named(String name) {
        return onPath(name).orElseGet(() -> missing(name));
    }

    /** A Python that has a module: the distribution's own, if another one comes first on the PATH. */
    static Path pythonWith(String module) {
        return Stream.of(onPath("python3"), Optional.of(Path.of("/usr/bin/python3")))
                .flatMap(Optional::stream)
                .filter(Files::isExecutable)
                .filter(python -> run(new ProcessBuilder(python.toString(), "-c", "import " + module), "python") == 0)
                .findFirst()
                .orElseGet(() -> missing("python3-" + module));
    }

    /** Leaves the test out because of a missing program, or fails it where nothing may be left out. */
    static <T> T missing(String program) {
        String message = program + " is not installed";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(message);
        }
        return Assumptions.abort(message);
    }

    /** A file of the test resources. */
    static Path resource(String name) {
        return TARGET.resolve("test-classes").resolve(name);
    }

    /** Where a program's standard error goes. */
    static File log(String name) {
        try {
            return Files.createDirectories(TARGET.resolve("peers")).resolve(name + ".log").toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and tells its exit status. */
    static int run(ProcessBuilder program, String logName) {
        try {
            Process process = program.redirectErrorStream(true).redirectOutput(log(logName)).start();
            process.getOutputStream().close();
            if (!process.waitFor(RUN_MINUTES, TimeUnit.MINUTES)) {
                end(process);
                throw new AssertionError(program.command() + " did not end within " + RUN_MINUTES + " minutes");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a program that must succeed. */
    static void mustRun(ProcessBuilder program, String logName) {
        int status = run(program, logName);
        if (status != 0) {
            throw new AssertionError(program.command() + " failed with " + status + "; see " + log(logName));
        }
    }

    /** Ends a program and what it started. */
    static void end(Process process) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
