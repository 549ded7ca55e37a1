/**
 * The same {@link dev.duplex.api.Connection} over plain HTTP, where a proxy lets no WebSocket through.
 *
 * <p>A server has it with {@code WebSocketServer.builder().carrier(new Fallback())}; a client with a
 * {@link dev.duplex.fallback.LadderClient}. {@code docs/fallback.md} tells what passes on the wire.
 */
package dev.duplex.fallback;
