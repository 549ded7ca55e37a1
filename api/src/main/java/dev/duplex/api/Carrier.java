package dev.duplex.api;

/** What carries a connection, at its opening and for logs and statistics: a ladder may change it while it lasts. */
public enum Carrier {
    /** WebSocket over an HTTP/1.1 Upgrade (RFC 6455). */
    HTTP_1_1,
    /** WebSocket over an HTTP/2 stream (RFC 8441). */
    HTTP_2,
    /** Plain HTTP with one long response. */
    STREAMING,
    /** Plain HTTP with one long response of Server-Sent Events. */
    SERVER_SENT_EVENTS,
    /** Plain HTTP with responses that wait until there is something. */
    LONG_POLLING,
    /** Plain HTTP with responses that come at once. */
    POLLING,
    /** Engine.IO, over plain HTTP or WebSocket. */
    ENGINE_IO
}
