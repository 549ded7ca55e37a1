/**
 * The {@code duplex} command: {@code serve} and {@code connect}.
 *
 * <p>Exit statuses: 0 for success, 1 for a failure, 2 for a wrong use (a bad option, a port in use, an unreadable file).
 */
package dev.duplex.cli;
