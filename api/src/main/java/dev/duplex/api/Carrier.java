package dev.duplex.api;

/** What carries a connection, for logs and statistics. */
public enum Carrier {
    /** WebSocket over an HTTP/1.1 Upgrade (RFC 6455). */
    HTTP_1_1,
    /** WebSocket over an HTTP/2 stream (RFC 8441). */
    HTTP_2
}
