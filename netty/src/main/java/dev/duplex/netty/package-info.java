/**
 * WebSocket over TCP and TLS: {@link dev.duplex.netty.WebSocketServer} and {@link dev.duplex.netty.WebSocketClient}.
 *
 * <p>Both end their opening handshake by installing the same {@code NettyCarrier}, the only class that joins the protocol
 * engine and a wire.
 */
package dev.duplex.netty;
