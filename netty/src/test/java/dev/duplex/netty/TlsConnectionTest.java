package dev.duplex.netty;

class TlsConnectionTest extends ConnectionContract {
    @Override
    ServerBuilder serverOver(ServerBuilder builder) {
        return builder.tls(Tls.selfSigned());
    }

    @Override
    ClientBuilder clientOver(ClientBuilder builder) {
        return builder.insecure();
    }

    @Override
    String scheme() {
        return "wss";
    }
}
