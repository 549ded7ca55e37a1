package dev.duplex.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that was started here, and that does not outlive this one, whatever ends it. */
final class OwnProcess implements AutoCloseable {
    private final Process process;
    private final Thread hook = new Thread(this::end, "duplex-end");

    /** Starts it, without an input, and with both outputs as one. */
    OwnProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(hook);
        process.getOutputStream().close();
    }

    BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** Waits for its end. @return false if it did not come in time */
    boolean awaitEnd(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    boolean hasSucceeded() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    /** Ends it and what it started. */
    void end() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList().forEach(ProcessHandle::destroy);
    }

    @Override
    public void close() {
        end();
        try {
            if (!awaitEnd(5)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException exiting) {
            return; // the hook has run, or runs now
        }
    }
}
