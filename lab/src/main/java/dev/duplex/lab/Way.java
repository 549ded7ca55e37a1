package dev.duplex.lab;

import java.util.Locale;

/** One of the carriers that are measured against each other. */
public enum Way {
    /** A request at each interval, answered at once with what there is. */
    POLLING,
    /** A request that is held until there is something. */
    LONG_POLLING,
    /** One answer that never ends, as {@code fetch} reads it. */
    STREAMING,
    /** Server-Sent Events: one answer that never ends, as text. */
    SSE,
    /** A WebSocket over HTTP/1.1. */
    WEBSOCKET,
    /** A WebSocket over HTTP/2: a stream of a connection that has room for more (RFC 8441). */
    WEBSOCKET_H2,
    /** A WebSocket over HTTP/1.1, with permessage-deflate. */
    WEBSOCKET_COMPRESSED;

    /** The name in options and tables, such as {@code long-polling}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
