/**
 * The WebSocket protocol as pure code: bytes in, events and bytes out.
 *
 * <p>{@link dev.duplex.protocol.WebSocketProtocol} is one connection after its opening handshake;
 * {@link dev.duplex.protocol.ServerHandshake} and {@link dev.duplex.protocol.ClientHandshake} are the two sides of that
 * handshake. Nothing here reads a socket, a clock or a thread; a carrier does, and tells.
 */
package dev.duplex.protocol;
