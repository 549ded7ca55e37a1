/**
 * A client's way through proxies.
 *
 * <pre>
 *   Proxies ── which one for this target? ──► Proxy ──► ProxyRoute ──► ProxyHandshake: bytes out, bytes in, open
 * </pre>
 */
package dev.duplex.proxy;
