package dev.duplex.cli;

import java.util.function.IntSupplier;

/**
 * Lets a command end in order when Ctrl-C or SIGTERM stops the process.
 *
 * <p>The JVM would exit with 130 or 143 once its shutdown hooks have run; a hook that halts sets the status itself. A second
 * signal does not wait for the orderly end: then it is 130 or 143.
 */
final class Stop {
    private final Thread hook;

    private Stop(Thread hook) {
        this.hook = hook;
    }

    /** From now until {@link #cancel}, a signal runs {@code orderlyEnd} and exits with the status that it returns. */
    static Stop onSignal(IntSupplier orderlyEnd) {
        Thread hook = new Thread(() -> {
            Signals.on("INT", () -> Runtime.getRuntime().halt(130));
            Signals.on("TERM", () -> Runtime.getRuntime().halt(143));
            Runtime.getRuntime().halt(orderlyEnd.getAsInt());
        }, "duplex-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Stop(hook);
    }

    /** The command has ended by itself. */
    void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // A signal came first: the hook ends the process.
            return;
        }
    }
}
