/** WebRTC signalling rooms as an endpoint, over whatever carries a connection. */
module dev.duplex.signalling {
    requires transitive dev.duplex.api;
    requires tools.jackson.jr.ob;

    exports dev.duplex.signalling;
}
