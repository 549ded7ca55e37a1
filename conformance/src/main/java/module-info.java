/** The case tables and the checker behind {@code duplex check}: judges any WebSocket server or client. */
module dev.duplex.conformance {
    requires tools.jackson.jr.ob;

    exports dev.duplex.conformance;
}
