package dev.duplex.lab;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What passed at the client's sockets.
 *
 * @param bytesUp bytes to the server, as TCP carries them: with every header of HTTP and TLS, without those of TCP and IP
 * @param bytesDown bytes from the server
 * @param requests HTTP requests
 * @param connections TCP connections
 * @param packetsUp TCP segments to the server, acknowledgements too; -1 where the kernel does not tell
 * @param packetsDown TCP segments from the server; -1 where the kernel does not tell
 */
public record Counts(long bytesUp, long bytesDown, long requests, long connections, long packetsUp, long packetsDown) {

    /** What passed since an earlier count. */
    Counts since(Counts earlier) {
        boolean tells = packetsUp >= 0 && earlier.packetsUp >= 0;
        return new Counts(bytesUp - earlier.bytesUp, bytesDown - earlier.bytesDown, requests - earlier.requests, connections - earlier.connections,
                tells ? packetsUp - earlier.packetsUp : -1, tells ? packetsDown - earlier.packetsDown : -1);
    }

    /** The same with what passed elsewhere. */
    Counts plus(Counts other) {
        boolean tells = packetsUp >= 0 && other.packetsUp >= 0;
        return new Counts(bytesUp + other.bytesUp, bytesDown + other.bytesDown, requests + other.requests, connections + other.connections,
                tells ? packetsUp + other.packetsUp : -1, tells ? packetsDown + other.packetsDown : -1);
    }

    /** Bytes both ways. */
    public long bytes() {
        return bytesUp + bytesDown;
    }

    /** Packets both ways; -1 where the kernel does not tell. */
    public long packets() {
        return packetsUp < 0 ? -1 : packetsUp + packetsDown;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("bytes_up", bytesUp);
        map.put("bytes_down", bytesDown);
        map.put("requests", requests);
        map.put("connections", connections);
        map.put("packets_up", packetsUp < 0 ? null : packetsUp);
        map.put("packets_down", packetsDown < 0 ? null : packetsDown);
        return map;
    }
}
