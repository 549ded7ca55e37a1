/**
 * Load for any WebSocket server: many connections in one process, and what they saw.
 *
 * <pre>
 *   LoadRun ─► Opener ─► Upgrade ─► Peer (echoing, listening, publishing)
 *      │                              │ frames made once, answers counted
 *      └─ Lane: one event loop, its peers, its Tally ─► LoadReport
 * </pre>
 *
 * <p>It shares a machine with the server that it measures, so what it does for a message is little: the first answer of each
 * connection is read by the engine and compared byte for byte, the others are counted by their frame headers.
 */
package dev.duplex.load;
