package dev.duplex.netty;

import java.nio.file.Path;

/** What a server shows to be trusted: a certificate and its key. TLS 1.2 and 1.3 are spoken, nothing older. */
public final class Tls {
    private final Path certificates;
    private final Path key;

    private Tls(Path certificates, Path key) {
        this.certificates = certificates;
        this.key = key;
    }

    /** A PEM file with the certificate chain, the server's own first, and one with its PKCS#8 key; read at the start. */
    public static Tls pem(Path certificates, Path key) {
        return new Tls(certificates, key);
    }

    /** A certificate for localhost that nobody trusts, made at the start: to try TLS out. */
    public static Tls selfSigned() {
        return new Tls(null, null);
    }
}
