package dev.duplex.protocol;

/** The end of a connection that this engine plays; it decides who masks (RFC 6455 §5.1). */
public enum Role {
    /** Opened the connection: masks what it sends, must not receive masked frames. */
    CLIENT,
    /** Accepted the connection: sends unmasked, must receive masked frames. */
    SERVER
}
