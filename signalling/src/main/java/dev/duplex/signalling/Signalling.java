package dev.duplex.signalling;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Rejection;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An endpoint for WebRTC signalling: rooms in which peers find each other and pass offers, answers and candidates.
 *
 * <p>It belongs at a route with the variable {@code {room}}, such as {@code /signal/{room}}; {@code docs/signalling.md} has the
 * messages. All rooms are owned by one daemon thread, on which no application code runs; {@link #close} ends it.
 */
public final class Signalling implements Endpoint, AutoCloseable {
    /** Fine enough that a lease ends on time to half a second. */
    private static final long TICK_MILLIS = 500;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("duplex-signalling").daemon().factory());
    private final Executor owner = this::execute;
    private final RoomLimits limits;
    private final Lobby lobby;

    Signalling(RoomLimits limits, IceServers iceServers) {
        this.limits = limits;
        lobby = new Lobby(limits, iceServers, System::nanoTime, owner);
        thread.scheduleAtFixedRate(guarded(lobby::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Settings to begin with: no STUN or TURN server, rooms for four. */
    public static SignallingBuilder builder() {
        return new SignallingBuilder();
    }

    /**
     * Lets a connection into the room that its path names; it has 10 s to join.
     *
     * @throws Rejection with 400 if the room's name cannot be read
     */
    @Override
    public Listener open(Opening opening) {
        String room = Names.canonical(opening.variable("room"));
        if (room == null) {
            throw new Rejection(400, "a room's name is 1 to " + Names.MAX_CODE_POINTS + " characters that can be read");
        }
        return new SignalListener(new SignalReader(room, limits), lobby, owner, System::nanoTime);
    }

    /** Ends the thread; connections stay, but nobody hears anybody any more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void execute(Runnable command) {
        try {
            thread.execute(guarded(command));
        } catch (RejectedExecutionException closed) {
            // The server outlives its rooms for a moment when it ends; nobody is left to tell.
            return;
        }
    }

    /** A failure is told, and is not the end of every other room. */
    private static Runnable guarded(Runnable command) {
        return () -> {
            try {
                command.run();
            } catch (RuntimeException failed) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, failed);
            }
        };
    }
}
