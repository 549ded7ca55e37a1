package dev.duplex.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.util.List;

/** A server in a process of its own, so that its processor time is not the client's. */
public final class ServerProcess implements AutoCloseable {
    private final OwnProcess process;
    private final URI address;

    /**
     * Starts it and waits for its address.
     *
     * @param command prints, as its first line, the {@code http://} address it listens on, as {@code duplex serve --port 0} does
     * @throws LabFailedException if it does not start
     */
    public ServerProcess(List<String> command) {
        try {
            process = new OwnProcess(command);
            BufferedReader out = process.output();
            String line = out.readLine();
            if (line == null || !line.startsWith("http")) {
                process.close();
                throw new LabFailedException("no server could be started" + (line == null ? "" : ": " + line));
            }
            address = URI.create(line.strip());
            Thread.ofVirtual().start(() -> drain(out)); // or a full pipe would stop it
        } catch (IOException e) {
            throw new LabFailedException("no server could be started: " + e.getMessage());
        }
    }

    private static void drain(BufferedReader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            return;
        }
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        process.close();
    }
}
