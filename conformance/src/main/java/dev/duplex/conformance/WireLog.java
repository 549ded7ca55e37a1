package dev.duplex.conformance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What went over the wire in one case, one line a frame; of a long case the first and the last lines. Safe for any thread. */
final class WireLog {
    private static final int KEPT_LINES = 60;
    private final long start = System.nanoTime();
    private final List<String> first = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
    private int dropped;

    void sent(String what) {
        add('>', what);
    }

    void received(String what) {
        add('<', what);
    }

    void note(String what) {
        add('-', what);
    }

    private synchronized void add(char direction, String what) {
        String line = String.format("%8.3f %c %s", (System.nanoTime() - start) / 1e9, direction, what);
        if (first.size() < KEPT_LINES) {
            first.add(line);
            return;
        }
        last.addLast(line);
        if (last.size() > KEPT_LINES) {
            last.removeFirst();
            dropped++;
        }
    }

    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>(first);
        if (dropped > 0) {
            lines.add("         - " + dropped + " lines left out");
        }
        lines.addAll(last);
        return lines;
    }
}
