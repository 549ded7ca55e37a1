package dev.duplex.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long {@code duplex serve} takes from its start as a process to its first echo. */
final class StartUp {
    private static final byte[] OPENING = ("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

    /** "Hello", masked, and as it must come back (RFC 6455 §5.7). */
    private static final byte[] HELLO = {(byte) 0x81, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51, 0x58};

    private static final byte[] ECHO = {(byte) 0x81, 5, 'H', 'e', 'l', 'l', 'o'};
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Setup setup;

    /**
     * The median of some starts.
     *
     * @param title with which options
     * @param wallMillis to the first echo
     * @param cpuMillis of the process until then
     */
    record Result(String title, double wallMillis, double cpuMillis) {}

    StartUp(Setup setup) {
        this.setup = setup;
    }

    List<Result> measure(int times) throws IOException, InterruptedException {
        setup.prepareLauncher();
        return List.of(
                median("`./duplex serve`, with the AOT cache that a build prepares", times, setup.launcher().toString()),
                median("`java -jar duplex.jar serve`, without", times, Setup.javaTool("java"), "-jar", setup.jar().toString()));
    }

    private Result median(String title, int times, String... program) throws IOException, InterruptedException {
        double[] wall = new double[times];
        double[] cpu = new double[times];
        for (int i = 0; i < times; i++) {
            Result one = start(program);
            wall[i] = one.wallMillis;
            cpu[i] = one.cpuMillis;
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        return new Result(title, Results.median(wall), Results.median(cpu));
    }

    private Result start(String... program) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        // All cores: this process may itself be held to one.
        List<String> command = new ArrayList<>(List.of("taskset", "0xffffffff"));
        command.addAll(List.of(program));
        command.addAll(List.of("serve", "--port", Integer.toString(port)));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(setup.work().resolve("start.log").toFile()).start();
        try {
            echo(port, begun + PATIENCE.toNanos());
            double wall = (System.nanoTime() - begun) / 1e6;
            return new Result("", wall, process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis());
        } finally {
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static void echo(int port, long until) throws IOException, InterruptedException {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(OPENING);
                InputStream in = socket.getInputStream();
                String head = "";
                while (!head.endsWith("\r\n\r\n")) {
                    head += (char) in.read();
                }
                socket.getOutputStream().write(HELLO);
                if (!Arrays.equals(in.readNBytes(ECHO.length), ECHO)) {
                    throw new IllegalStateException("the echo is not what was sent");
                }
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > until) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }
}
