package dev.duplex.signalling;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * One connection to a room: reads and judges on the connection's own thread, and hands to the lobby's owner only what is right and
 * within its rate.
 */
final class SignalListener implements Listener {
    /** What a confused but honest page may get wrong. */
    static final int FAULT_BURST = 50;
    private static final int FAULTS_PER_SECOND = 2;

    /** An offer for each of several peers at once, and room for their candidates. */
    private static final int BYTES_BURST_SECONDS = 8;

    private final SignalReader reader;
    private final Lobby lobby;
    private final Executor owner;
    private final LongSupplier nanoTime;
    private final Bucket messages;
    private final Bucket bytes;
    private final Bucket faults;
    private Visitor visitor;
    private boolean isShut;

    SignalListener(SignalReader reader, Lobby lobby, Executor owner, LongSupplier nanoTime) {
        this.reader = reader;
        this.lobby = lobby;
        this.owner = owner;
        this.nanoTime = nanoTime;
        RoomLimits limits = reader.limits();
        long now = nanoTime.getAsLong();
        messages = new Bucket(limits.peerBurst(), limits.peerPerSecond(), now);
        bytes = new Bucket(limits.peerBytesPerSecond() * BYTES_BURST_SECONDS, limits.peerBytesPerSecond(), now);
        faults = new Bucket(FAULT_BURST, FAULTS_PER_SECOND, now);
    }

    @Override
    public void onOpen(Connection connection) {
        visitor = new Visitor(reader.room(), connection, nanoTime.getAsLong());
        owner.execute(() -> lobby.enter(visitor));
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        if (isShut) {
            return;
        }
        try {
            long now = nanoTime.getAsLong();
            if (!messages.takes(1, now) || !bytes.takes(message.byteLength(), now)) {
                throw new Refusal(Fault.TOO_FAST, null);
            }
            Signal signal = reader.read(message);
            owner.execute(() -> lobby.take(visitor, signal));
        } catch (Refusal refused) {
            refuse(connection, refused);
        }
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {
        boolean isForGood = isShut || reason.isClean() || reason.initiator() == CloseReason.Initiator.PEER;
        owner.execute(() -> lobby.exit(visitor, isForGood));
    }

    /** Who goes on getting it wrong is shut out, and told nothing more. */
    private void refuse(Connection connection, Refusal refused) {
        if (faults.takes(1, nanoTime.getAsLong())) {
            connection.send(refused.json());
        } else {
            isShut = true;
            connection.close(CloseReason.POLICY_VIOLATION, "too many messages were wrong");
        }
    }
}
