/** RFC 6455, RFC 7692 and the opening handshake as pure code: no I/O, no thread, no clock, no dependency. */
module dev.duplex.protocol {
    exports dev.duplex.protocol;
}
