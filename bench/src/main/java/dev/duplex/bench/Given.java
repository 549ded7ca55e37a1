package dev.duplex.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What a server of the race is started with.
 *
 * @param port on 127.0.0.1
 * @param keys a directory with {@code cert.pem}, {@code key.pem} and both in {@code keys.p12}; null for no TLS
 */
record Given(int port, Path keys) {
    static final char[] PASSWORD = "duplex".toCharArray();

    /** The largest message of the race is 1 MiB; nobody's limit is to stand in its way. */
    static final int MAX_MESSAGE_BYTES = 16 << 20;

    static Given of(String... args) {
        return new Given(Integer.parseInt(args[0]), args.length > 1 ? Path.of(args[1]) : null);
    }

    boolean hasTls() {
        return keys != null;
    }

    Path certificate() {
        return keys.resolve("cert.pem");
    }

    Path key() {
        return keys.resolve("key.pem");
    }

    /** The JDK's TLS, for servers that use no other. */
    SSLContext sslContext() {
        try (InputStream in = Files.newInputStream(keys.resolve("keys.p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the keys cannot be read: " + e.getMessage(), e);
        }
    }
}
