package dev.duplex.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP Digest access authentication with MD5 or SHA-256 (RFC 7616), for CONNECT.
 *
 * <pre>
 *   response = H( H(user:realm:password) : nonce : nc : cnonce : auth : H(CONNECT:host:port) )
 * </pre>
 */
final class Digest implements Login {
    /** What is spoken, the best first. */
    enum Algorithm {
        SHA_256("SHA-256", false), SHA_256_SESS("SHA-256", true), MD5("MD5", false), MD5_SESS("MD5", true);

        private final String hash;
        private final boolean isSession;

        Algorithm(String hash, boolean isSession) {
            this.hash = hash;
            this.isSession = isSession;
        }

        String token() {
            return isSession ? hash + "-sess" : hash;
        }

        /** Of the strings, with colons between them, in hex. */
        private String hash(String... parts) {
            try {
                byte[] bytes = String.join(":", parts).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of().formatHex(MessageDigest.getInstance(hash).digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CNONCE_BYTES = 16;

    private final Challenge challenge;
    private final Proxy proxy;
    private final Algorithm algorithm;
    private final String cnonce;
    private final AtomicInteger count = new AtomicInteger();

    Digest(Challenge challenge, Proxy proxy, Algorithm algorithm, String cnonce) {
        this.challenge = challenge;
        this.proxy = proxy;
        this.algorithm = algorithm;
        this.cnonce = cnonce;
    }

    /** Empty if the challenge wants an algorithm, or a protection, that is not spoken here. */
    static Optional<Digest> answering(Challenge challenge, Proxy proxy) {
        byte[] random = new byte[CNONCE_BYTES];
        RANDOM.nextBytes(random);
        String wanted = challenge.parameters().getOrDefault("algorithm", "MD5");
        boolean hasAuth = challenge.parameter("qop").isEmpty() || Arrays.asList(challenge.parameter("qop").split("[\\s,]+")).contains("auth");
        return Arrays.stream(Algorithm.values()).filter(known -> hasAuth && known.token().equalsIgnoreCase(wanted)).findFirst()
                .map(algorithm -> new Digest(challenge, proxy, algorithm, HexFormat.of().formatHex(random)));
    }

    Algorithm algorithm() {
        return algorithm;
    }

    @Override
    public String authorization(String target) {
        String realm = challenge.parameter("realm");
        String times = "%08x".formatted(count.incrementAndGet());
        return "Digest " + user(realm) + ", realm=" + quoted(realm) + ", nonce=" + quoted(challenge.parameter("nonce")) + ", uri=" + quoted(target)
                + ", algorithm=" + algorithm.token() + ", response=\"" + response("CONNECT", target, times) + "\""
                + (hasQop() ? ", qop=auth, nc=" + times + ", cnonce=\"" + cnonce + "\"" : algorithm.isSession ? ", cnonce=\"" + cnonce + "\"" : "")
                + (challenge.parameters().containsKey("opaque") ? ", opaque=" + quoted(challenge.parameter("opaque")) : "");
    }

    /** RFC 7616 §3.4.1. */
    String response(String method, String target, String times) {
        String nonce = challenge.parameter("nonce");
        String login = algorithm.hash(proxy.user(), challenge.parameter("realm"), proxy.password());
        String secret = algorithm.isSession ? algorithm.hash(login, nonce, cnonce) : login;
        String request = algorithm.hash(method, target);
        // Without qop it is the digest of RFC 2069, which RFC 7616 no longer has, and old proxies still ask for.
        return hasQop() ? algorithm.hash(secret, nonce, times, cnonce, "auth", request) : algorithm.hash(secret, nonce, request);
    }

    private boolean hasQop() {
        return !challenge.parameter("qop").isEmpty();
    }

    /** RFC 7616 §3.4: hashed if the proxy allows it, and encoded if it is not ASCII. */
    private String user(String realm) {
        String user = proxy.user();
        if (challenge.parameter("userhash").equalsIgnoreCase("true")) {
            return "username=\"" + algorithm.hash(user, realm) + "\", userhash=true";
        }
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(user)) {
            return "username=" + quoted(user);
        }
        StringBuilder encoded = new StringBuilder("username*=UTF-8''");
        for (byte b : user.getBytes(StandardCharsets.UTF_8)) {
            encoded.append("%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
