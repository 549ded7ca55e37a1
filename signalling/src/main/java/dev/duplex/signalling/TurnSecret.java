package dev.duplex.signalling;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What this server and a TURN server both know, to make credentials that expire (coturn's {@code use-auth-secret}).
 *
 * <pre>
 *   username = expiry ":" user          password = base64(HMAC-SHA1(secret, username))
 * </pre>
 */
public final class TurnSecret {
    /** Far above any secret; a larger file is another one by mistake. */
    private static final int MAX_BYTES = 1024;

    private static final String ALGORITHM = "HmacSHA1"; // the scheme's own; nothing else is understood by TURN servers

    private final SecretKeySpec key;

    private TurnSecret(byte[] secret) {
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * A secret as a text.
     *
     * @throws IllegalArgumentException if it is empty, or longer than 1,024 bytes
     */
    public static TurnSecret of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a TURN secret has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        return new TurnSecret(bytes);
    }

    /**
     * The secret in a file, without the blanks and line ends around it.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is empty, or too large for a secret
     */
    public static TurnSecret read(Path file) throws IOException {
        if (Files.size(file) > 2 * MAX_BYTES) {
            throw new IllegalArgumentException("a TURN secret has 1 to " + MAX_BYTES + " bytes, not " + Files.size(file));
        }
        return of(Files.readString(file).strip());
    }

    /**
     * A credential that is good until a time.
     *
     * @param user whom it is for, as the TURN server's log shows it; may be empty
     */
    public TurnCredential credential(String user, Instant expiry) {
        String username = user.isEmpty() ? Long.toString(expiry.getEpochSecond()) : expiry.getEpochSecond() + ":" + user;
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] password = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return new TurnCredential(username, Base64.getEncoder().encodeToString(password));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TurnSecret";
    }
}
