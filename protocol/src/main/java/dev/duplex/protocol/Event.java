package dev.duplex.protocol;

/** What the peer did, as {@link WebSocketProtocol#next} hands it over. */
public sealed interface Event permits Message, Part, Event.Ping, Event.Pong, Event.Closed {

    /**
     * A Ping frame; the Pong is already in the output (RFC 6455 §5.5.2).
     *
     * @param payload 0 to 125 bytes, owned by the receiver
     */
    record Ping(byte[] payload) implements Event {}

    /**
     * A Pong frame, asked for or not (RFC 6455 §5.5.3).
     *
     * @param payload 0 to 125 bytes, owned by the receiver
     */
    record Pong(byte[] payload) implements Event {}

    /**
     * The end: the transport is gone and no event follows.
     *
     * @param reason who closed, with which code, and whether cleanly
     */
    record Closed(CloseReason reason) implements Event {}
}
