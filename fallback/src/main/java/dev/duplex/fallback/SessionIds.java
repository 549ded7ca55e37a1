package dev.duplex.fallback;

import java.security.SecureRandom;
import java.util.Base64;

/** Names of sessions that nobody guesses: 128 random bits. */
final class SessionIds {
    /** A session takes no socket, so the heap bounds them: as many as have 64 KiB each. */
    private static final long BYTES_EACH = 64 * 1024;

    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    static int mostSessions() {
        return mostSessions(Runtime.getRuntime().maxMemory());
    }

    static int mostSessions(long heapBytes) {
        return Math.clamp(heapBytes / BYTES_EACH, 100, 1_000_000);
    }

    static boolean isOne(String text) {
        return text.matches("[A-Za-z0-9_-]{22}");
    }

    /** 22 characters of letters, digits, {@code -} and {@code _}. */
    String next() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
