package dev.duplex.netty;

class Http2ConnectionTest extends ConnectionContract {
    @Override
    protected ServerBuilder serverOver(ServerBuilder builder) {
        return builder;
    }

    @Override
    protected Client clientOver(ClientBuilder builder) {
        return socketsOf(builder.http2().build());
    }

    @Override
    protected String scheme() {
        return "ws";
    }
}
