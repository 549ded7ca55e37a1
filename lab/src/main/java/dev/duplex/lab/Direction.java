package dev.duplex.lab;

import java.util.Locale;

/** Who sends during a feed. */
public enum Direction {
    /** The server alone sends. */
    PUSH,
    /** The client sends, and the server sends back each message; the latency is that of both ways together. */
    REQUEST,
    /** Both send, each at the feed's rate, without waiting for the other. */
    BOTH;

    /** The name as it stands in a URL and in an option. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
