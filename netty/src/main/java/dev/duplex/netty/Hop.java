package dev.duplex.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What one proxy tells of whoever asked it.
 *
 * @param node the asker's address, with or without a port; null, {@code unknown} or a name of the proxy's own if that is a secret
 * @param proto the scheme by which it was asked; null if it does not tell
 * @param host the {@code Host} that it was sent; null if it does not tell
 */
record Hop(String node, String proto, String host) {
    private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    /** The asker's address, its port 0 if that is not told; null if it is a secret, or no address. */
    InetSocketAddress address() {
        if (node == null) {
            return null;
        }
        String text = node.strip();
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', Math.max(bracket, 0));
        // RFC 7239 §6 wants IPv6 in brackets; X-Forwarded-For mostly comes without.
        boolean isBareIpv6 = bracket < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        int end = colon < 0 || isBareIpv6 ? text.length() : colon;
        if (bracket >= 0 && bracket + 1 != end) {
            return null;
        }
        InetAddress address = Network.address(bracket >= 0 ? text.substring(1, bracket) : text.substring(0, end));
        boolean isOfItsKind = bracket < 0 || text.substring(1, bracket).indexOf(':') >= 0;
        return address == null || !isOfItsKind ? null : new InetSocketAddress(address, port(text.substring(Math.min(end + 1, text.length()))));
    }

    /** 0 for an obfuscated port, {@code _} and a name. */
    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        return port <= 65_535 ? port : 0;
    }

    /** The host, if it is {@code host[:port]}; else null. */
    String authority() {
        return host != null && AUTHORITY.matcher(host).matches() ? host : null;
    }

    /** Whether the asker used TLS; null if that is not told. */
    Boolean isSecure() {
        return proto == null ? null : switch (proto.strip().toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> Boolean.TRUE;
            case "http", "ws" -> Boolean.FALSE;
            default -> null;
        };
    }
}
