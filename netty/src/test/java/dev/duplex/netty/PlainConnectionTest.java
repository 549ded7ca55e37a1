package dev.duplex.netty;

class PlainConnectionTest extends ConnectionContract {
    @Override
    protected ServerBuilder serverOver(ServerBuilder builder) {
        return builder;
    }

    @Override
    protected Client clientOver(ClientBuilder builder) {
        return socketsOf(builder.build());
    }

    @Override
    protected String scheme() {
        return "ws";
    }
}
