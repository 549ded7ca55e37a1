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
 * @param onEnd runs after the listener's last call
 */
record Origin(Role role, Opening opening, PerMessageDeflate deflate, WireTap tap, Consumer<NettyConnection> onEnd) {}
