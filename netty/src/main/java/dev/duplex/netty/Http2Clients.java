package dev.duplex.netty;

import dev.duplex.protocol.ClientHandshake;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of HTTP/2 that one client has, one to each origin, also at each Unix socket; any thread may use it. */
final class Http2Clients {
    private final Map<String, Http2Client> byOrigin = new ConcurrentHashMap<>();

    /** @param unixPath the socket to connect to instead of the host; null for none */
    private static String origin(ClientHandshake handshake, String unixPath) {
        return (unixPath == null ? "" : unixPath + ' ') + (handshake.isSecure() ? "wss://" : "ws://") + handshake.host() + ":" + handshake.port();
    }

    /** Asks for a stream to an origin. @return false if there is no connection to it with room for one more */
    boolean open(ClientHandshake handshake, String unixPath, ClientOpening.Outcome outcome) {
        Http2Client there = byOrigin.get(origin(handshake, unixPath));
        return there != null && there.open(handshake, outcome);
    }

    /** A new connection, which later ones share: the one before it, if any, has no room. */
    Http2Client share(ClientOpening opening, String unixPath, Pulse pulse, ConnectionOptions options) {
        String origin = origin(opening.handshake(), unixPath);
        Http2Client[] fresh = new Http2Client[1];
        fresh[0] = Http2Client.install(opening.channel(), pulse, options, opening, () -> byOrigin.remove(origin, fresh[0]));
        byOrigin.put(origin, fresh[0]);
        return fresh[0];
    }

    /** The client is closed: each connection ends with its last stream. */
    void endWhenUnused() {
        byOrigin.values().forEach(Http2Client::endWhenUnused);
    }
}
