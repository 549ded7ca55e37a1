package dev.duplex.protocol;

/**
 * What this end wants of permessage-deflate (RFC 7692); compression is off unless a carrier is given such options.
 *
 * <p>The defaults keep no context between messages: no memory is held by an idle connection, and one message tells nothing
 * of another's content by its length.
 *
 * @param serverContextTakeover whether the server's compressor may refer to earlier messages
 * @param clientContextTakeover whether the client's compressor may refer to earlier messages
 * @param serverMaxWindowBits the server's window as a power of two, 8 to 15; 15
 * @param clientMaxWindowBits the client's window as a power of two, 8 to 15; 15
 * @param thresholdBytes messages below this many bytes go uncompressed, since they would hardly shrink; 1,024
 * @param level zlib's level, 1 (fast) to 9 (small); 6
 */
public record DeflateOptions(
        boolean serverContextTakeover,
        boolean clientContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits,
        int thresholdBytes,
        int level) {

    private static final DeflateOptions DEFAULTS = new DeflateOptions(false, false, 15, 15, 1024, 6);

    /** Checks every range. */
    public DeflateOptions {
        requireBits("serverMaxWindowBits", serverMaxWindowBits);
        requireBits("clientMaxWindowBits", clientMaxWindowBits);
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes must not be negative: " + thresholdBytes);
        }
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level must be 1 to 9: " + level);
        }
    }

    /** No context takeover, full windows, threshold 1 KiB, level 6. */
    public static DeflateOptions defaults() {
        return DEFAULTS;
    }

    /** The same with context takeover allowed to both sides: smaller messages, about 300 KiB for each connection. */
    public DeflateOptions withContextTakeover() {
        return new DeflateOptions(true, true, serverMaxWindowBits, clientMaxWindowBits, thresholdBytes, level);
    }

    /** The same with other largest windows. */
    public DeflateOptions withMaxWindowBits(int server, int client) {
        return new DeflateOptions(serverContextTakeover, clientContextTakeover, server, client, thresholdBytes, level);
    }

    /** The same with another size below which messages go uncompressed. */
    public DeflateOptions withThresholdBytes(int bytes) {
        return new DeflateOptions(serverContextTakeover, clientContextTakeover, serverMaxWindowBits, clientMaxWindowBits, bytes, level);
    }

    /** The same with another zlib level. */
    public DeflateOptions withLevel(int newLevel) {
        return new DeflateOptions(serverContextTakeover, clientContextTakeover, serverMaxWindowBits, clientMaxWindowBits,
                thresholdBytes, newLevel);
    }

    private static void requireBits(String name, int bits) {
        if (bits < 8 || bits > 15) {
            throw new IllegalArgumentException(name + " must be 8 to 15: " + bits);
        }
    }
}
