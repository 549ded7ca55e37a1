package dev.duplex.protocol;

/**
 * The four parameters of permessage-deflate that both ends agreed on (RFC 7692 §7.1).
 *
 * @param serverNoContextTakeover whether the server starts each message with an empty window
 * @param clientNoContextTakeover whether the client starts each message with an empty window
 * @param serverMaxWindowBits how far the server's references may reach, as a power of two
 * @param clientMaxWindowBits how far the client's references may reach, as a power of two
 */
public record DeflateParameters(
        boolean serverNoContextTakeover, boolean clientNoContextTakeover, int serverMaxWindowBits, int clientMaxWindowBits) {

    boolean noContextTakeover(Role compressor) {
        return compressor == Role.SERVER ? serverNoContextTakeover : clientNoContextTakeover;
    }

    int maxWindowBits(Role compressor) {
        return compressor == Role.SERVER ? serverMaxWindowBits : clientMaxWindowBits;
    }
}
