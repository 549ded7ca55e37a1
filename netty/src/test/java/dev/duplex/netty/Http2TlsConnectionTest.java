package dev.duplex.netty;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class Http2TlsConnectionTest extends ConnectionContract {
    @Override
    protected ServerBuilder serverOver(ServerBuilder builder) {
        return builder.tls(Tls.selfSigned());
    }

    @Override
    protected Client clientOver(ClientBuilder builder) {
        return socketsOf(builder.insecure().http2().build());
    }

    @Override
    protected String scheme() {
        return "wss";
    }
}
