package dev.duplex.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy that a client goes through: where it is, what it speaks, and who asks.
 *
 * @param kind what it speaks
 * @param host its name, or its address without brackets
 * @param port its TCP port
 * @param user the name to give if it asks for one; empty for none
 * @param password what goes with the name; never part of {@link #toString}
 */
public record Proxy(Kind kind, String host, int port, String user, String password) {
    private static final Pattern TEXT = Pattern.compile(
            "(?:(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://)?(?:(?<user>.*)@)?(?<host>\\[[0-9a-fA-F:.%]+]|[^\\[\\]:/?#@\\s]+)(?::(?<port>[0-9]{1,5}))?/?");

    /** What a proxy speaks, and who finds the address of a target's name. */
    public enum Kind {
        /** HTTP CONNECT (RFC 9110 §9.3.6), with Basic or Digest; the proxy resolves names. */
        HTTP(80, true),
        /** SOCKS 4; the client resolves names, and IPv4 is all there is. */
        SOCKS4(1080, false),
        /** SOCKS 4A; the proxy resolves names. */
        SOCKS4A(1080, true),
        /** SOCKS 5 (RFC 1928, RFC 1929); the client resolves names. */
        SOCKS5(1080, false),
        /** SOCKS 5; the proxy resolves names. */
        SOCKS5H(1080, true);

        private final int port;
        private final boolean isResolver;

        Kind(int port, boolean isResolver) {
            this.port = port;
            this.isResolver = isResolver;
        }

        /** Whether names go to the proxy as they are: nobody on the way learns them from a question to DNS. */
        public boolean isResolver() {
            return isResolver;
        }
    }

    /** Checks what can stand in a request. */
    public Proxy {
        Objects.requireNonNull(kind, "kind");
        require(!host.isEmpty() && port > 0 && port < 65_536, "a proxy has a host, and a port of 1 to 65535");
        require(kind != Kind.HTTP || user.indexOf(':') < 0, "a proxy's user name has no colon (RFC 7617 §2)");
        require((user + password).chars().noneMatch(c -> c < ' ' || c == 0x7f), "a proxy's user name and password have no control characters");
        boolean isSocks4 = kind == Kind.SOCKS4 || kind == Kind.SOCKS4A;
        require(!isSocks4 || password.isEmpty(), "SOCKS 4 knows a user name, and no password");
        require(password.isEmpty() || !user.isEmpty(), "a proxy's password goes with a user name");
    }

    /**
     * Reads {@code scheme://user:password@host:port}; all but the host may be left out.
     *
     * <p>The scheme is {@code http}, the default, {@code socks4}, {@code socks4a}, {@code socks5}, or {@code socks5h}, which lets the
     * proxy resolve names. Without a port it is 80 for HTTP and 1080 for SOCKS. In name and password {@code %40} stands for @.
     *
     * @throws IllegalArgumentException if it is nothing of that kind; the message has no password in it
     */
    public static Proxy parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        require(matcher.matches(), "'" + withoutUser(text) + "' is not the address of a proxy, such as http://proxy.example:3128");
        Kind kind = kind(matcher.group("scheme"));
        String host = matcher.group("host");
        String[] login = (matcher.group("user") == null ? "" : matcher.group("user")).split(":", 2);
        int port = matcher.group("port") == null ? kind.port : Integer.parseInt(matcher.group("port"));
        return new Proxy(kind, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port,
                decoded(login[0]), login.length == 1 ? "" : decoded(login[1]));
    }

    private static Kind kind(String scheme) {
        String name = scheme == null ? "http" : scheme.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "http" -> Kind.HTTP;
            case "socks4" -> Kind.SOCKS4;
            case "socks4a" -> Kind.SOCKS4A;
            case "socks5", "socks" -> Kind.SOCKS5;
            case "socks5h" -> Kind.SOCKS5H;
            case "https" -> throw new IllegalArgumentException(
                    "TLS with the proxy itself (https://) is not spoken; http:// is, and wss:// through it is encrypted from end to end");
            default -> throw new IllegalArgumentException("no proxy speaks '" + name + "'; http, socks4, socks4a, socks5 and socks5h are spoken");
        };
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("in a proxy's user name and password % begins an escape, and is itself written %25");
        }
    }

    private static String withoutUser(String text) {
        return text.replaceFirst(".*@", "***@");
    }

    /** Host and port, as they stand in messages. */
    public String where() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** The address without name and password. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "://" + where();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
