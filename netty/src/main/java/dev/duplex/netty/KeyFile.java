package dev.duplex.netty;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files with certificates and keys: PEM (RFC 7468) and PKCS#12 (RFC 7292); what is wrong with one is said in one line. */
final class KeyFile {
    private static final Pattern KEY = Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----\\s*([^-]*)-----END");

    private KeyFile() {}

    /** @throws StartException if a file cannot be read, or is not what it should be */
    static Identity pem(Path certificates, Path key) {
        List<X509Certificate> chain = certificates(certificates);
        Identity identity = new Identity(key(key), chain);
        return consistent(identity, "certificate " + certificates + " with key " + key + " cannot be used: the key belongs to another certificate");
    }

    /** @throws StartException if a file cannot be read, is not what it should be, or the password is wrong */
    static Identity pkcs12(Path store, Path passwordFile) {
        KeyStore keys = store(store, passwordFile);
        try {
            for (String alias : Collections.list(keys.aliases())) {
                if (keys.isKeyEntry(alias) && keys.getKey(alias, password(passwordFile)) instanceof PrivateKey key) {
                    Certificate[] shown = keys.getCertificateChain(alias);
                    if (shown == null) {
                        throw new StartException("key store " + store + " has no certificate for its key", null);
                    }
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate each : shown) {
                        chain.add((X509Certificate) each);
                    }
                    return consistent(new Identity(key, chain), "key store " + store + " cannot be used: its key belongs to another certificate");
                }
            }
        } catch (GeneralSecurityException e) {
            throw unusable("key store " + store, e);
        }
        throw new StartException("key store " + store + " has no private key", null);
    }

    /**
     * The certificates of a PEM file, or of a PKCS#12 store.
     *
     * @param passwordFile null for a PEM file
     */
    static List<X509Certificate> trusted(Path file, Path passwordFile) {
        if (passwordFile == null) {
            return certificates(file);
        }
        List<X509Certificate> all = new ArrayList<>();
        KeyStore store = store(file, passwordFile);
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    all.add(certificate);
                }
            }
        } catch (GeneralSecurityException e) {
            throw unusable("key store " + file, e);
        }
        if (all.isEmpty()) {
            throw new StartException("key store " + file + " has no certificate", null);
        }
        return all;
    }

    private static List<X509Certificate> certificates(Path file) {
        try (InputStream in = new ByteArrayInputStream(bytes(file))) {
            List<X509Certificate> all = new ArrayList<>();
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                all.add((X509Certificate) each);
            }
            if (all.isEmpty()) {
                throw new StartException("file " + file + " has no certificate", null);
            }
            return all;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("certificate " + file, e);
        }
    }

    private static PrivateKey key(Path file) {
        Matcher found = KEY.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new StartException("file " + file + " has no private key", null);
        }
        if (!found.group(1).isEmpty()) {
            throw new StartException("key " + file + " cannot be used: it must be unencrypted PKCS#8, as 'openssl pkcs8 -topk8 -nodes' writes it", null);
        }
        try {
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(2)));
            for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(spec);
                } catch (InvalidKeySpecException another) {
                    continue;
                }
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw unusable("key " + file, e);
        }
        throw new StartException("key " + file + " cannot be used: it is none of EC, RSA or Ed25519", null);
    }

    private static KeyStore store(Path file, Path passwordFile) {
        char[] password = password(passwordFile);
        try (InputStream in = new ByteArrayInputStream(bytes(file))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw e.getCause() instanceof GeneralSecurityException
                    ? new StartException("key store " + file + " cannot be used: the password in " + passwordFile + " is wrong", e) : unusable("key store " + file, e);
        }
    }

    /** The file's first line. */
    private static char[] password(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8).lines().findFirst().orElse("").toCharArray();
    }

    private static byte[] bytes(Path file) {
        Tls.requireReadable(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new StartException("file " + file + " cannot be read", e);
        }
    }

    private static Identity consistent(Identity identity, String otherwise) {
        try {
            if (!identity.isConsistent()) {
                throw new StartException(otherwise, null);
            }
            return identity;
        } catch (InvalidKeyException e) {
            throw new StartException(otherwise, e);
        } catch (GeneralSecurityException e) {
            throw unusable("the certificate", e);
        }
    }

    private static StartException unusable(String what, Exception e) {
        return new StartException(what + " cannot be used: " + Failures.told(e), e);
    }
}
