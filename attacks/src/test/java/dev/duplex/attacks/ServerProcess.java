package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link SmallServer}, or another that speaks as it does, in its own process; what it says on standard error is kept. */
final class ServerProcess implements AutoCloseable {
    private final Path errors;
    private final Process process;
    private final BufferedReader out;
    private final int port;

    /** @param limits of the shell's {@code ulimit}, such as {@code -n 100}; empty for none */
    ServerProcess(String limits, List<String> jvmOptions, String... args) throws IOException {
        this(SmallServer.class, limits, jvmOptions, args);
    }

    ServerProcess(Class<?> main, String limits, List<String> jvmOptions, String... args) throws IOException {
        errors = Files.createTempFile(Path.of("target"), "server", ".err");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", (limits.isEmpty() ? "" : "ulimit " + limits + " && ")
                + "exec \"$@\"", "sh", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvmOptions);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dio.netty.leakDetection.level=simple",
                "-Dio.netty.customResourceLeakDetector=" + Leaks.class.getName(), "-cp", classPath(), main.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String first = out.readLine();
        if (first == null) {
            throw new IOException("the server does not start: " + errors());
        }
        port = Integer.parseInt(first);
    }

    /** Surefire's own class path is one jar that names the others. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    int port() {
        return port;
    }

    RawSocket connect() throws IOException {
        return new RawSocket(port);
    }

    RawSocket connectWithWindow(int bytes) throws IOException {
        Socket narrow = new Socket();
        narrow.setReceiveBufferSize(bytes);
        narrow.connect(new InetSocketAddress("127.0.0.1", port));
        return new RawSocket(narrow);
    }

    /** What its connections hold. */
    long heldBytes() throws IOException {
        return Long.parseLong(ask(""));
    }

    /** Its answer to a line. */
    String ask(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
        return out.readLine();
    }

    /** What {@link AttackedServer} proves of its own server: the event loops come to rest, and no buffer is lost. */
    void assertRests() throws IOException {
        assertThat(ask("rest")).as("the event loops rest").isEqualTo("true");
        assertThat(ask("leaks")).as("lost buffers").isEqualTo("0");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() throws IOException {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            if (!process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join().isAlive()) {
                return;
            }
            process.destroyForcibly();
        } finally {
            Files.delete(errors);
        }
    }
}
