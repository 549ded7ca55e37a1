package dev.duplex.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, so that its processor time is not the client's. */
public final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final URI address;

    /**
     * Starts it and waits for its address.
     *
     * @param command prints, as its first line, the {@code http://} address it listens on, as {@code duplex serve --port 0} does
     * @throws LabFailedException if it does not start
     */
    public ServerProcess(List<String> command) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null || !line.startsWith("http")) {
                process.destroy();
                throw new LabFailedException("no server could be started" + (line == null ? "" : ": " + line));
            }
            address = URI.create(line.strip());
            Thread.ofVirtual().start(() -> out.lines().forEach(more -> {})); // or a full pipe would stop it
        } catch (IOException e) {
            throw new LabFailedException("no server could be started: " + e.getMessage());
        }
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
