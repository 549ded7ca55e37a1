package dev.duplex.netty;

class PlainConnectionTest extends ConnectionContract {
    @Override
    ServerBuilder serverOver(ServerBuilder builder) {
        return builder;
    }

    @Override
    ClientBuilder clientOver(ClientBuilder builder) {
        return builder;
    }

    @Override
    String scheme() {
        return "ws";
    }
}
