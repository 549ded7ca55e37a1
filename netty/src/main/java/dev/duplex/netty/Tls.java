package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What a server shows to be trusted: a certificate and its key. TLS 1.2 and 1.3 are spoken, nothing older.
 *
 * <p>The engine is BoringSSL where {@code netty-tcnative-boringssl-static} is on the class path, as in {@code duplex}; else the JDK's.
 */
public final class Tls {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final Path certificates;
    private final Path key;

    private Tls(Path certificates, Path key) {
        this.certificates = certificates;
        this.key = key;
    }

    /** A PEM file with the certificate chain, the server's own first, and one with its unencrypted PKCS#8 key; read at the start. */
    public static Tls pem(Path certificates, Path key) {
        return new Tls(certificates, key);
    }

    /** A certificate for localhost that nobody trusts, made at the start: to try TLS out. */
    public static Tls selfSigned() {
        return new Tls(null, null);
    }

    /**
     * The same certificate and key for a server on the JDK's own sockets.
     *
     * @throws StartException if a file cannot be read, or is not what it should be
     */
    public SSLContext sslContext() {
        return ((JdkSslContext) context(SslProvider.JDK)).context();
    }

    /** @throws StartException if a file cannot be read, or is not what it should be */
    SslContext context() {
        return context(SslContext.defaultServerProvider());
    }

    private SslContext context(SslProvider provider) {
        try {
            return builder().sslProvider(provider).protocols(VERSIONS).applicationProtocolConfig(httpVersions()).build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StartException(certificates == null
                    ? "no certificate could be made: " + e.getMessage()
                    : "certificate " + certificates + " with key " + key + " cannot be used: " + Failures.told(e), e);
        }
    }

    private SslContextBuilder builder() throws IOException, GeneralSecurityException {
        if (certificates == null) {
            SelfSigned own = SelfSigned.create();
            return SslContextBuilder.forServer(own.key(), own.certificate());
        }
        requireReadable(certificates);
        requireReadable(key);
        return SslContextBuilder.forServer(certificates.toFile(), key.toFile());
    }

    static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new StartException("file " + file + " cannot be read", null);
        }
    }

    /**
     * TLS on a channel, record by record: a peer's Close is handed over, and answered, before the close_notify behind it is read,
     * after which BoringSSL sends nothing more. Netty's own handler would have its engine take both at once.
     */
    static SslHandler handler(SSLEngine engine) {
        return new SslHandler(engine);
    }

    /** Both versions of HTTP on one port, chosen in the TLS handshake (RFC 7301); who offers none speaks HTTP/1.1. */
    static ApplicationProtocolConfig httpVersions() {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    }

    /** Whether both ends have agreed on HTTP/2. */
    static boolean hasChosenHttp2(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
    }
}
