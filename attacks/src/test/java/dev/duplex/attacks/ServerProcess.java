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
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path errors;
    private final Process process;
    private final BufferedReader out;
    private final int port;
    private final boolean speaksTls;

    /** @param limits of the shell's {@code ulimit}, such as {@code -n 100}; empty for none */
    ServerProcess(String limits, List<String> jvmOptions, String... args) throws IOException {
        this(SmallServer.class, limits, jvmOptions, args);
    }

    ServerProcess(Class<?> main, String limits, List<String> jvmOptions, String... args) throws IOException {
        errors = Files.createTempFile(Path.of("target"), "server", ".err");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", (limits.isEmpty() ? "" : "ulimit " + limits + " && ")
                + "exec \"$@\"", "sh", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Every buffer is watched, without notes of where it was used: these are most of the work of a server so watched.
        command.addAll(List.of("-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.targetRecords=0"));
        command.addAll(jvmOptions);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dio.netty.customResourceLeakDetector=" + Leaks.class.getName(),
                "-cp", classPath(), main.getName()));
        command.addAll(List.of(args));
        speaksTls = List.of(args).contains("--tls");
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

    /** With its handshake done, if the server speaks TLS. */
    RawSocket connect() throws IOException {
        return over(new Socket("127.0.0.1", port));
    }

    RawSocket connectWithWindow(int bytes) throws IOException {
        Socket narrow = new Socket();
        narrow.setReceiveBufferSize(bytes);
        narrow.connect(new InetSocketAddress("127.0.0.1", port));
        return over(narrow);
    }

    private RawSocket over(Socket connected) throws IOException {
        return speaksTls ? Trusting.overTls(connected) : new RawSocket(connected);
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

    /**
     * What {@link AttackedServer} proves of its own server, once an attack is over: who was connected before, and one who comes now, echo
     * within a second; the event loops come to rest; and no buffer is lost.
     *
     * @param path of an endpoint that echoes
     */
    void assertUnhurt(Bystander old, String path) throws Exception {
        old.assertEchoes();
        try (RawSocket newcomer = openWhenThereIsRoom(path)) {
            AttackedServer.assertEchoes(newcomer);
        }
        assertThat(ask("rest")).as("the event loops rest").isEqualTo("true");
        assertThat(ask("leaks")).as("lost buffers").isEqualTo("0");
        assertThat(isAlive()).isTrue();
    }

    /** That the attackers have gone the server learns in its own time. */
    private RawSocket openWhenThereIsRoom(String path) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            RawSocket raw = connect();
            String head = raw.say(RawSocket.opening(path, "")).head();
            if (head.startsWith("HTTP/1.1 101 ")) {
                return raw;
            }
            raw.close();
            assertThat(head).as("the answer to a newcomer").startsWith("HTTP/1.1 503 ");
            assertThat(System.nanoTime()).as("when there is still no room").isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** How the process answers what {@link #assertUnhurt} asks it; null for other lines. */
    static String answer(String line) throws InterruptedException {
        return switch (line) {
            case "rest" -> String.valueOf(LoopCpu.comesToRest());
            case "leaks" -> String.valueOf(Leaks.reported().size());
            default -> null;
        };
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
