package dev.duplex.bench;

import dev.duplex.load.LoadReport;
import dev.duplex.load.LoadRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs loads that end: a server that hangs holds up no race. */
final class Loads {
    /** What opening 10,000 connections, late answers and closing may take besides; a server at work needs a fraction of it. */
    private static final Duration GRACE = Duration.ofSeconds(45);

    private Loads() {}

    /** @param planned how long the load itself is to last */
    static LoadReport run(LoadRun load, Duration planned) throws InterruptedException {
        CompletableFuture.delayedExecutor(planned.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS).execute(load::stop);
        return load.run();
    }
}
