package dev.duplex.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A short run of what users do: a server, a client, a load.
 *
 * <p>{@code ./duplex} lets Java 25 watch it once after a build. What Java learns of the classes and of the methods that matter
 * goes to a cache, and later starts take a fraction of the time.
 */
final class Rehearsal {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Rehearsal() {}

    /** Ends with 0 if everything went as it should. */
    public static void main(String... args) throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Thread server = Thread.ofPlatform().start(() -> play(new ByteArrayInputStream(new byte[0]), said, "serve", "--port", "0", "--compress"));
        String url = address(said).replaceFirst("http", "ws") + "echo";
        int failures = play(new ByteArrayInputStream("hello\n".getBytes(StandardCharsets.UTF_8)), OutputStream.nullOutputStream(), "connect", url)
                + load(url, "--mode", "handshake", "--connections", "20")
                + load(url, "--connections", "20", "--depth", "4")
                + load(url, "--connections", "4", "--size", "16KiB", "--binary");
        server.interrupt();
        server.join();
        System.exit(Math.min(failures, 1));
    }

    private static int load(String url, String... options) {
        String[] args = new String[options.length + 6];
        System.arraycopy(new String[] {"bench", url, "--warm-up", "0s", "--duration", "1s"}, 0, args, 0, 6);
        System.arraycopy(options, 0, args, 6, options.length);
        return play(InputStream.nullInputStream(), OutputStream.nullOutputStream(), args);
    }

    private static int play(InputStream in, OutputStream out, String... args) {
        PrintStream heard = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(Streams.of(in, heard, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)), args);
    }

    /** The first line that the server says. */
    private static String address(ByteArrayOutputStream said) throws InterruptedException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < START_NANOS) {
            String line = said.toString(StandardCharsets.UTF_8);
            if (line.contains("\n")) {
                return line.lines().findFirst().orElseThrow();
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IllegalStateException("the server did not start");
    }
}
