package dev.duplex.signalling;

/**
 * What peers may make the rooms hold or do; {@code docs/signalling.md} tells the reasons.
 *
 * @param maxRooms rooms at a time
 * @param maxPeers seats in a room, 2 or more
 * @param maxMessageBytes the largest message, and so the largest SDP
 * @param maxCandidateBytes the largest ICE candidate
 * @param peerBurst messages that one peer may send at once
 * @param peerPerSecond messages that one peer may send in a second after its burst
 * @param peerBytesPerSecond bytes that one peer may send in a second, after eight times as many at once
 * @param roomBurst messages that are relayed in a room at once
 * @param roomPerSecond messages that are relayed in a room in a second after the burst
 * @param keptMessages messages kept for one peer that is away, and candidates of one peer for those that are yet to come
 * @param keptBytes the same in bytes
 */
public record RoomLimits(
        int maxRooms,
        int maxPeers,
        int maxMessageBytes,
        int maxCandidateBytes,
        int peerBurst,
        int peerPerSecond,
        int peerBytesPerSecond,
        int roomBurst,
        int roomPerSecond,
        int keptMessages,
        int keptBytes) {

    /** Each must be positive, and a room must have two seats. */
    public RoomLimits {
        int least = Math.min(Math.min(Math.min(maxRooms, maxMessageBytes), Math.min(maxCandidateBytes, peerBurst)),
                Math.min(Math.min(Math.min(peerPerSecond, peerBytesPerSecond), Math.min(roomBurst, roomPerSecond)), Math.min(keptMessages, keptBytes)));
        if (least < 1 || maxPeers < 2) {
            throw new IllegalArgumentException("every limit is at least 1, and a room has at least 2 seats");
        }
    }

    /** Limits for calls in a mesh of four. */
    public static RoomLimits defaults() {
        return new RoomLimits(1000, 4, 64 * 1024, 2048, 200, 50, 64 * 1024, 600, 150, 64, 256 * 1024);
    }

    /** The same with another number of rooms. */
    public RoomLimits withMaxRooms(int number) {
        return new RoomLimits(number, maxPeers, maxMessageBytes, maxCandidateBytes, peerBurst, peerPerSecond, peerBytesPerSecond, roomBurst,
                roomPerSecond, keptMessages, keptBytes);
    }

    /** The same with another number of seats in a room. */
    public RoomLimits withMaxPeers(int number) {
        return new RoomLimits(maxRooms, number, maxMessageBytes, maxCandidateBytes, peerBurst, peerPerSecond, peerBytesPerSecond, roomBurst,
                roomPerSecond, keptMessages, keptBytes);
    }

    /** The same with another rate for each peer. */
    public RoomLimits withPeerRate(int burst, int perSecond) {
        return new RoomLimits(maxRooms, maxPeers, maxMessageBytes, maxCandidateBytes, burst, perSecond, peerBytesPerSecond, roomBurst,
                roomPerSecond, keptMessages, keptBytes);
    }

    /** The same with another rate for each room. */
    public RoomLimits withRoomRate(int burst, int perSecond) {
        return new RoomLimits(maxRooms, maxPeers, maxMessageBytes, maxCandidateBytes, peerBurst, peerPerSecond, peerBytesPerSecond, burst,
                perSecond, keptMessages, keptBytes);
    }
}
