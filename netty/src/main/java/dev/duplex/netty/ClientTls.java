package dev.duplex.netty;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What a client shows, and whom it trusts. */
final class ClientTls {
    private ClientTls() {}

    /** @throws IllegalArgumentException if a file cannot be used */
    static SslContext context(ClientBuilder settings) {
        return context(settings, SslContext.defaultClientProvider());
    }

    /** The same for what speaks by the JDK's own means; empty if the system's trust will do. */
    static Optional<SSLContext> sslContext(ClientBuilder settings) {
        return isOwn(settings) ? Optional.of(((JdkSslContext) context(settings, SslProvider.JDK)).context()) : Optional.empty();
    }

    /** Whether a client has anything of its own, or needs no more than others. */
    static boolean isOwn(ClientBuilder settings) {
        return settings.isInsecure || settings.trusted != null || settings.certificate != null;
    }

    private static SslContext context(ClientBuilder settings, SslProvider provider) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(provider).protocols(Tls.VERSIONS);
            if (settings.isInsecure) {
                builder.trustManager(new AnyCertificate()).endpointIdentificationAlgorithm(null);
            } else if (settings.trusted != null) {
                builder.trustManager(KeyFile.trusted(settings.trusted, settings.trustedPassword));
            }
            if (settings.certificate != null) {
                builder.keyManager(settings.certificate.keys(provider));
            }
            if (settings.isHttp2) {
                builder.applicationProtocolConfig(Tls.httpVersions());
            }
            return builder.build();
        } catch (SSLException | StartException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Throws if the server's own certificate has expired, or is not valid yet. */
    static void requireValidToday(SSLSession session) throws CertificateException, SSLPeerUnverifiedException {
        if (session.getPeerCertificates()[0] instanceof X509Certificate own) {
            own.checkValidity();
        }
    }
}
