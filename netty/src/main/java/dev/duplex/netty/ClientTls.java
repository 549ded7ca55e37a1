package dev.duplex.netty;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Whom a client trusts. */
final class ClientTls {
    private ClientTls() {}

    /**
     * @param trusted a PEM file of certificates; null for the system's
     * @throws IllegalArgumentException if the file cannot be used
     */
    static SslContext context(Path trusted, boolean isInsecure) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().protocols(Tls.VERSIONS);
            if (isInsecure) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else if (trusted != null) {
                builder.trustManager(trusted.toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the certificates in " + trusted + " cannot be used", e);
        }
    }
}
