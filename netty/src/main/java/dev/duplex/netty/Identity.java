package dev.duplex.netty;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A private key and the certificates that prove whose it is.
 *
 * @param chain the key's own certificate first
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final int DNS_NAME = 2;

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Whether a certificate is this key's: what the one signs the other must verify. */
    boolean isConsistent() throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        if (!key.getAlgorithm().equals(certificate().getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(certificate().getPublicKey());
        signature.update((byte) 1);
        return signature.verify(signed);
    }

    /** Whether the certificate is one for a host (RFC 6125 §6.4.3): a star stands for one label, the first. */
    boolean isFor(String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        int dot = asked.indexOf('.');
        String wild = dot < 0 ? asked : "*" + asked.substring(dot);
        return names().stream().anyMatch(name -> name.equals(asked) || name.equals(wild));
    }

    /** The hosts that the certificate is for, in lower case. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate().getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.getFirst() instanceof Integer kind && kind == DNS_NAME) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException unreadable) {
            return names;
        }
        return names;
    }
}
