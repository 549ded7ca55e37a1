package dev.duplex.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An example that runs in a process of its own, as a reader would run it. */
final class Started implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private Started(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path")));
        command.addAll(arguments);
        errors = Files.createTempFile(Path.of("target"), "example", ".log");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a server on a free port. */
    static Started server(Class<?> example) throws IOException {
        return new Started(List.of("-Dport=0", example.getName()));
    }

    static Started client(Class<?> example, String... args) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(example.getName()));
        arguments.addAll(List.of(args));
        return new Started(arguments);
    }

    /** The next line it prints; null at its end. */
    String line() throws IOException {
        return out.readLine();
    }

    /** What it still prints until its end; fails if it does not end well. */
    List<String> rest() throws IOException, InterruptedException {
        List<String> lines = out.lines().toList();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("did not end well: " + lines + Files.readString(errors));
        }
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
