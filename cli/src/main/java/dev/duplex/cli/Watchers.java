package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.WireTap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * Tells a page what passes on its own connections, since browsers hide frames.
 *
 * <p>A page makes a token of 128 random bits, opens {@code /wire/TOKEN}, and opens its other connections with
 * {@code ?wire=TOKEN}. Only who knows the token can watch; a connection without it is not watched.
 */
final class Watchers implements Endpoint {
    /** Each may hold up to the hard mark of unsent events; beyond this number the server has better to do. */
    private static final int MOST = 1000;

    private static final String PATH = "/wire/";
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

    private final ConcurrentMap<String, Connection> watching = new ConcurrentHashMap<>();

    /** Refuses what is not a token, and a token that is watched with already: it is known to someone else. */
    @Override
    public Listener open(Opening opening) {
        String token = opening.variable("token");
        if (!TOKEN.matcher(token).matches()) {
            throw new Rejection(400, "a token is 32 digits of lower-case hex");
        }
        if (isInUse(watching.get(token))) {
            throw new Rejection(409, "this token is in use");
        }
        if (watching.size() >= MOST) {
            throw new Rejection(503, "too many are watching");
        }
        return new Watcher(token);
    }

    /** A tap for a connection that asked to be watched, if its watcher is there; else null. */
    WireTap tap(Opening opening) {
        // A watcher that was watched itself would tell of its own telling, without end.
        if (opening.path().startsWith(PATH)) {
            return null;
        }
        return opening.queryParameter("wire").map(watching::get).map(WatchTap::new).orElse(null);
    }

    /** One that is closing no longer counts: its page may be back before the last byte has gone. */
    private static boolean isInUse(Connection watcher) {
        return watcher != null && watcher.isOpen();
    }

    private final class Watcher implements Listener {
        private final String token;

        Watcher(String token) {
            this.token = token;
        }

        @Override
        public void onOpen(Connection connection) {
            if (watching.compute(token, (same, before) -> isInUse(before) ? before : connection) != connection) {
                connection.close(CloseReason.POLICY_VIOLATION, "this token is in use");
            }
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            watching.remove(token, connection);
        }

        @Override
        public Overflow overflow() {
            return Overflow.DROP;
        }
    }
}
