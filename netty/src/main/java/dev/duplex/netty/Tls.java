package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What one end shows to be trusted, its certificates and their keys, and whom a server asks for the same; immutable.
 *
 * <p>TLS 1.2 and 1.3 are spoken, nothing older, and only with forward secrecy and authenticated encryption. Sessions are resumed.
 * The engine is BoringSSL where {@code netty-tcnative-boringssl-static} is on the class path, as in {@code duplex}; else the JDK's.
 */
public final class Tls {
    static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** Of TLS 1.2 those that keep a recording secret even when the key is stolen later (RFC 9325 §4.2); all three of TLS 1.3. */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Where an identity comes from; read again at each reload. */
    private record Source(Supplier<Identity> reader, List<Path> files) {}

    private final List<Source> sources;
    private final Path clientTrust;
    private final ClientAuth clientAuth;

    private Tls(List<Source> sources, Path clientTrust, ClientAuth clientAuth) {
        this.sources = sources;
        this.clientTrust = clientTrust;
        this.clientAuth = clientAuth;
    }

    private static Tls of(Supplier<Identity> reader, Path... files) {
        return new Tls(List.of(new Source(reader, List.of(files))), null, ClientAuth.NONE);
    }

    /** A PEM file with the certificate chain, the end's own first, and one with its unencrypted PKCS#8 key; read at the start. */
    public static Tls pem(Path certificates, Path key) {
        return of(() -> KeyFile.pem(certificates, key), certificates, key);
    }

    /**
     * The first private key of a PKCS#12 store, with its certificate chain; read at the start.
     *
     * @param passwordFile its first line is the password of store and key
     */
    public static Tls pkcs12(Path store, Path passwordFile) {
        return of(() -> KeyFile.pkcs12(store, passwordFile), store, passwordFile);
    }

    /** A certificate for localhost that nobody trusts, made at the start: to try TLS out. */
    public static Tls selfSigned() {
        return of(Tls::made);
    }

    private static Identity made() {
        try {
            SelfSigned own = SelfSigned.create();
            return new Identity(own.key(), List.of(own.certificate()));
        } catch (GeneralSecurityException e) {
            throw new StartException("no certificate could be made: " + e.getMessage(), e);
        }
    }

    /** These certificates and those of another: a client sees the one for the name that it asks for (SNI), else the first. */
    public Tls and(Tls other) {
        return new Tls(Stream.concat(sources.stream(), other.sources.stream()).toList(), clientTrust, clientAuth);
    }

    /**
     * Lets in only clients that show a certificate, which then stands in {@link dev.duplex.api.Opening#peerCertificate}.
     *
     * @param trusted a PEM file with the certificates that vouch for clients
     */
    public Tls requireClients(Path trusted) {
        return new Tls(sources, Objects.requireNonNull(trusted, "trusted"), ClientAuth.REQUIRE);
    }

    /** As {@link #requireClients}, but a client may show none; one that nobody vouches for is turned away all the same. */
    public Tls askClients(Path trusted) {
        return new Tls(sources, Objects.requireNonNull(trusted, "trusted"), ClientAuth.OPTIONAL);
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
        return context(hasBoringSsl() ? SslProvider.OPENSSL : SslProvider.JDK);
    }

    /** Netty takes OpenSSL of other makers too, where someone has put it; {@link BoringSession} was tried with this one alone. */
    private static boolean hasBoringSsl() {
        return OpenSsl.isAvailable() && OpenSsl.versionString().startsWith("BoringSSL");
    }

    private SslContext context(SslProvider provider) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(keys(provider)).clientAuth(clientAuth);
            if (clientTrust != null) {
                builder.trustManager(KeyFile.trusted(clientTrust, null));
            }
            return builder.sslProvider(provider).protocols(VERSIONS).ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(httpVersions()).build();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException("TLS cannot be set up: " + Failures.told(e), e);
        }
    }

    /** What this end shows, for a context of its own. */
    KeyManagerFactory keys(SslProvider provider) {
        KeyManagerFactory keys = new NamedKeys(sources.stream().map(source -> source.reader().get()).toList()).factory();
        return provider == SslProvider.JDK ? keys : new OpenSslCachingX509KeyManagerFactory(keys);
    }

    /** All that is read at the start: what changes there, a reload makes known. */
    List<Path> files() {
        Stream<Path> trust = Stream.ofNullable(clientTrust);
        return Stream.concat(sources.stream().flatMap(source -> source.files().stream()), trust).toList();
    }

    /** Who is at the other end of a channel, or of the connection that it is a stream of; empty if nobody was asked. */
    static Optional<X509Certificate> peerCertificate(Channel channel) {
        SslHandler own = channel.pipeline().get(SslHandler.class);
        SslHandler tls = own == null && channel.parent() != null ? channel.parent().pipeline().get(SslHandler.class) : own;
        if (tls == null || !tls.engine().getNeedClientAuth() && !tls.engine().getWantClientAuth()) {
            return Optional.empty();
        }
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown ? Optional.of(shown) : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    static void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new StartException("file " + file + " cannot be read", null);
        }
    }

    /** Both versions of HTTP on one port, chosen in the TLS handshake (RFC 7301); who offers none speaks HTTP/1.1. */
    static ApplicationProtocolConfig httpVersions() {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    }

    /** Whether TLS is wanted and not yet spoken. */
    static boolean isInHandshake(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && !tls.handshakeFuture().isDone();
    }

    /** Whether both ends have agreed on HTTP/2. */
    static boolean hasChosenHttp2(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
    }
}
