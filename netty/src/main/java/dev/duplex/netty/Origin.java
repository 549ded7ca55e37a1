package dev.duplex.netty;

import dev.duplex.api.Opening;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import java.util.function.Consumer;

/**
 * How a connection came to be.
 *
 * @param deflate null if no compression was agreed on
 * @param tap null if nobody watches
 * @param budget what the memory of this connection is counted in; null where nobody counts, as at a client
 * @param onEnd runs after the listener's last call
 */
record Origin(
        Role role,
        Opening opening,
        PerMessageDeflate deflate,
        WireTap tap,
        MemoryBudget budget,
        Consumer<NettyConnection> onEnd) {}
