/** What an application sees of a WebSocket; says nothing about what carries it. */
module dev.duplex.api {
    requires transitive dev.duplex.protocol;

    exports dev.duplex.api;
}
