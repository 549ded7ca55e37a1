package dev.duplex.netty;

import dev.duplex.api.Listener;

/**
 * The listener of a WebSocket that carries the bytes of a {@link Tunnel}.
 *
 * <p>The application's limits, rates and marks are the tunnel's alone, and so are its pings and its end: such a WebSocket has room
 * for any bytes of a tunnel, and takes no part in a drain, since the tunnel's own good-bye still has to pass.
 */
public interface CarryingListener extends Listener {}
