package dev.duplex.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One contestant at work, on a core of its own, and what the operating system says of it. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofSeconds(60);

    /** What /proc counts processor time in: sysconf(_SC_CLK_TCK), 100 on every Linux that Java runs on. */
    private static final int TICK_MILLIS = 10;

    private static final Pattern HEAP_USED = Pattern.compile(" total +\\d+K, used (\\d+)K");

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it and waits until it accepts connections. */
    static ServerProcess start(Contestant contestant, Setup setup, String cores, boolean hasTls) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
        command.addAll(contestant.command(setup, port, hasTls ? setup.keys() : null));
        Path log = setup.work().resolve(contestant.id + ".log");
        ServerProcess server = new ServerProcess(new ProcessBuilder(command).directory(setup.work().toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log.toFile())).start(), port);
        // Whoever interrupts a race leaves no servers behind.
        Runtime.getRuntime().addShutdownHook(new Thread(server.process::destroyForcibly));
        try {
            server.awaitPort(log);
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort(Path log) throws IOException, InterruptedException {
        long until = System.nanoTime() + START_WAIT.toNanos();
        while (System.nanoTime() < until && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("it did not start; what it said is in " + log);
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time of all its threads since its start, the kernel's work for it included. */
    Duration cpu() {
        String stat = proc("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MILLIS);
    }

    /** Memory that is really there: what the kernel calls resident. */
    long residentBytes() {
        return proc("status").lines().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
    }

    /**
     * Collects garbage in a Java server, in its heap and in that of its C library; the latter keeps what compilers have freed.
     *
     * @return what is left of its own heap; -1 for others
     */
    long liveBytes(Contestant contestant) throws IOException, InterruptedException {
        if (!contestant.isJava()) {
            return -1;
        }
        jcmd("GC.run");
        jcmd("System.trim_native_heap");
        return HEAP_USED.matcher(jcmd("GC.heap_info")).results().map((MatchResult used) -> used.group(1)).mapToLong(Long::parseLong).sum() * 1024;
    }

    private String jcmd(String what) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(Setup.javaTool("jcmd"), Long.toString(process.pid()), what).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd failed: " + said);
        }
        return said;
    }

    private String proc(String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
        } catch (IOException e) {
            throw new IllegalStateException("the server is no more", e);
        }
    }

    /** Ends it: those that take longer than a second to say goodbye are killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
