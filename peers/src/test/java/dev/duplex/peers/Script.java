package dev.duplex.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.jr.ob.JSON;

/** A peer in a process of its own: commands on its standard input, events on its standard output, each a line of JSON. */
final class Script implements Peer {
    private final String name;
    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();

    /** Starts a program with these arguments. */
    Script(String name, List<String> command) {
        this(name, new ProcessBuilder(command));
    }

    Script(String name, ProcessBuilder program) {
        this.name = name;
        try {
            process = program.redirectError(Programs.log(name)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::listen);
    }

    @Override
    public void command(Map<String, Object> command) {
        try {
            commands.write(JSON.std.asString(command));
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new AssertionError(name + " takes no more commands; see " + Programs.log(name), e);
        }
    }

    @Override
    public Map<String, Object> event() {
        return next(events, name);
    }

    /** Waits for the next event of a queue. */
    static Map<String, Object> next(BlockingQueue<Map<String, Object>> events, String name) {
        try {
            Map<String, Object> event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError(name + " told nothing within " + PATIENCE + "; see " + Programs.log(name));
            }
            return event;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Programs.end(process);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.add(JSON.std.mapFrom(line));
            }
        } catch (IOException ended) {
            events.add(Map.of("on", "end", "message", String.valueOf(ended.getMessage())));
        }
        events.add(Map.of("on", "end"));
    }
}
