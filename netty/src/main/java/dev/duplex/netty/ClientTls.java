package dev.duplex.netty;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Whom a client trusts. */
final class ClientTls {
    private ClientTls() {}

    /**
     * @param trusted a PEM file of certificates; null for the system's
     * @param offersHttp2 whether to offer HTTP/2 beside HTTP/1.1
     * @throws IllegalArgumentException if the file cannot be used
     */
    static SslContext context(Path trusted, boolean isInsecure, boolean offersHttp2) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().protocols(Tls.VERSIONS);
            if (isInsecure) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else if (trusted != null) {
                builder.trustManager(trusted.toFile());
            }
            if (offersHttp2) {
                builder.applicationProtocolConfig(Tls.httpVersions());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the certificates in " + trusted + " cannot be used", e);
        }
    }

    /** Throws if the server's own certificate has expired, or is not valid yet. */
    static void requireValidToday(SSLSession session) throws CertificateException, SSLPeerUnverifiedException {
        if (session.getPeerCertificates()[0] instanceof X509Certificate own) {
            own.checkValidity();
        }
    }
}
