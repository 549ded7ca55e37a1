package dev.duplex.lab;

import java.util.Locale;

/** One of the carriers that are measured against each other. */
public enum Way {
    /** A WebSocket over HTTP/1.1. */
    WEBSOCKET,
    /** The same with permessage-deflate. */
    WEBSOCKET_COMPRESSED;

    /** The name in options and tables, such as {@code long-polling}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is a WebSocket. */
    boolean isWebSocket() {
        return this == WEBSOCKET || this == WEBSOCKET_COMPRESSED;
    }
}
