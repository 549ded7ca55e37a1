package dev.duplex.fallback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Sessions by their ids: found by the first half of one, known by all of it.
 *
 * <p>How long a map takes may tell something of the ids in it that are almost the one that was asked for. So it is asked for half an
 * id alone, and the other half, 64 random bits, is compared in time that tells nothing of it.
 */
final class Sessions<S> {
    private static final int HALF = 11;

    private final ConcurrentMap<String, S> byHalf = new ConcurrentHashMap<>();
    private final Function<S, String> idOf;

    /** @param idOf a session's id, from {@link SessionIds} */
    Sessions(Function<S, String> idOf) {
        this.idOf = idOf;
    }

    int size() {
        return byHalf.size();
    }

    void put(S session) {
        byHalf.put(half(idOf.apply(session)), session);
    }

    void remove(S session) {
        byHalf.remove(half(idOf.apply(session)), session);
    }

    /** The session of this id, whatever a peer has sent as one; null if there is none. */
    S get(String id) {
        S found = byHalf.get(half(id));
        boolean isIts = found != null
                && MessageDigest.isEqual(idOf.apply(found).getBytes(StandardCharsets.UTF_8), id.getBytes(StandardCharsets.UTF_8));
        return isIts ? found : null;
    }

    private static String half(String id) {
        return id.substring(0, Math.min(HALF, id.length()));
    }
}
