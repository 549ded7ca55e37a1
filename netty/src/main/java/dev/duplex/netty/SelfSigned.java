package dev.duplex.netty;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A certificate for localhost, 127.0.0.1 and ::1 that its own key signs: valid for 30 days, trusted by nobody.
 *
 * <p>The JDK has no public way to make one, and for this alone a library would be too much. RFC 5280 in DER (X.690):
 *
 * <pre>
 *   Certificate     = SEQUENCE { TBSCertificate, algorithm, BIT STRING signature }
 *   TBSCertificate  = SEQUENCE { [0] v3, serial, algorithm, issuer, validity, subject, publicKey, [3] extensions }
 * </pre>
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
    private static final byte[] SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    static SelfSigned create() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();

        byte[] body = der(SEQUENCE, join(
                der(0xa0, integer(BigInteger.TWO)),
                integer(new BigInteger(64, new SecureRandom()).add(BigInteger.ONE)),
                ECDSA_WITH_SHA256,
                name("localhost"),
                validity(Instant.now()),
                name("localhost"),
                keys.getPublic().getEncoded(),
                der(0xa3, der(SEQUENCE, altNames()))));

        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        byte[] certificate = der(SEQUENCE, join(body, ECDSA_WITH_SHA256, bits(signature.sign())));
        return new SelfSigned(keys.getPrivate(), (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate)));
    }

    private static byte[] name(String commonName) {
        byte[] value = der(UTF8_STRING, commonName.getBytes(StandardCharsets.US_ASCII));
        return der(SEQUENCE, der(SET, der(SEQUENCE, join(COMMON_NAME, value))));
    }

    /** From yesterday on, since clocks differ. */
    private static byte[] validity(Instant now) {
        return der(SEQUENCE, join(time(now.minusSeconds(86_400)), time(now.plusSeconds(30 * 86_400L))));
    }

    private static byte[] time(Instant instant) {
        return der(UTC_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] altNames() {
        byte[] ipv6Loopback = new byte[16];
        ipv6Loopback[15] = 1;
        byte[] names = der(SEQUENCE, join(
                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                der(0x87, new byte[] {127, 0, 0, 1}),
                der(0x87, ipv6Loopback)));
        return der(SEQUENCE, join(SUBJECT_ALT_NAME, der(OCTET_STRING, names)));
    }

    private static byte[] oid(int... bytes) {
        byte[] value = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            value[i] = (byte) bytes[i];
        }
        return der(0x06, value);
    }

    private static byte[] integer(BigInteger value) {
        return der(0x02, value.toByteArray());
    }

    private static byte[] bits(byte[] value) {
        return der(BIT_STRING, join(new byte[] {0}, value));
    }

    /** Tag, length in its shortest form, value. */
    private static byte[] der(int tag, byte[] value) {
        int n = value.length;
        byte[] head = n < 0x80 ? new byte[] {(byte) tag, (byte) n}
                : n < 0x100 ? new byte[] {(byte) tag, (byte) 0x81, (byte) n}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
        return join(head, value);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
