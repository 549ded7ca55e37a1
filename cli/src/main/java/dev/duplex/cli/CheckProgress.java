package dev.duplex.cli;

import dev.duplex.conformance.Progress;
import dev.duplex.conformance.Result;
import dev.duplex.conformance.Verdict;
import java.io.PrintStream;

/** The bar that grows while cases are played; shown on a terminal only. */
final class CheckProgress implements Progress, AutoCloseable {
    private static final int BAR_CELLS = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private final PrintStream terminal;
    private final boolean shown;
    private long drawnNanos;
    private int failed;

    CheckProgress(Streams streams) {
        this.terminal = streams.err();
        this.shown = streams.isErrTerminal();
    }

    @Override
    public void judged(String agent, Result result, int done, int total) {
        failed += result.verdict() == Verdict.FAIL ? 1 : 0;
        long now = System.nanoTime();
        if (!shown || done < total && now - drawnNanos < REDRAW_NANOS) {
            return;
        }
        drawnNanos = now;
        int full = BAR_CELLS * done / total;
        terminal.printf("\r\u001b[K[%s%s] %d/%d  %d failed  %s", "#".repeat(full), "-".repeat(BAR_CELLS - full), done, total, failed, result.id());
        terminal.flush();
    }

    @Override
    public void close() {
        if (shown) {
            terminal.print("\r\u001b[K");
            terminal.flush();
        }
    }
}
