package dev.duplex.api;

/**
 * What happens when messages are sent faster than the peer takes them.
 *
 * <p>A virtual thread never meets this: its {@code send} waits for room. It is for senders that may not block.
 */
public enum Overflow {
    /** The connection is closed with 1013 once the hard mark is passed: right for feeds, whose clients reconnect and recover. */
    CLOSE,
    /** The message that finds the hard mark passed is dropped, and its stage fails: right for values that the next one replaces. */
    DROP,
    /** Nothing more is read from the peer until it has taken what it is owed: right for echoes, relays and request/reply. */
    PAUSE
}
