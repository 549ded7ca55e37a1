package dev.duplex.proxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Hosts that are reached without a proxy, as {@code NO_PROXY} has them.
 *
 * <pre>
 *   example.com    the host and all below it; so .example.com and *.example.com
 *   10.0.0.1       an address, as it stands in the URL: names are not resolved
 *   10.0.0.0/8     addresses; fd00::/8 too
 *   example.com:81 that port alone
 *   *              everything
 * </pre>
 */
public final class Exempt {
    private final List<Predicate<Host>> entries;

    private record Host(String name, int port) {}

    private Exempt(List<Predicate<Host>> entries) {
        this.entries = entries;
    }

    /** Entries between commas or blanks; what makes no sense matches nothing. */
    public static Exempt parse(String list) {
        return new Exempt(Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+")).filter(entry -> !entry.isEmpty()).map(Exempt::entry).toList());
    }

    /** Whether the target of a URI is reached directly. */
    public boolean contains(URI target) {
        if (target.getHost() == null) {
            return false;
        }
        int port = target.getPort() >= 0 ? target.getPort() : "wss".equalsIgnoreCase(target.getScheme()) ? 443 : 80;
        Host host = new Host(plain(target.getHost().toLowerCase(Locale.ROOT)), port);
        return entries.stream().anyMatch(entry -> entry.test(host));
    }

    private static Predicate<Host> entry(String text) {
        if (text.equals("*")) {
            return host -> true;
        }
        int slash = text.indexOf('/');
        if (slash > 0) {
            return network(text.substring(0, slash), text.substring(slash + 1));
        }
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']') && text.substring(colon + 1).matches("[0-9]{1,5}");
        Predicate<Host> name = name(plain(hasPort ? text.substring(0, colon) : text));
        int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : 0;
        return host -> (port == 0 || port == host.port) && name.test(host);
    }

    private static Predicate<Host> name(String text) {
        byte[] address = address(text);
        if (address != null) {
            return host -> Arrays.equals(address, address(host.name));
        }
        String domain = text.replaceFirst("^\\*?\\.", "");
        return host -> host.name.equals(domain) || host.name.endsWith("." + domain);
    }

    private static Predicate<Host> network(String first, String bits) {
        byte[] network = address(plain(first));
        if (network == null || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > 8 * network.length) {
            return host -> false;
        }
        int free = 8 * network.length - Integer.parseInt(bits);
        return host -> {
            byte[] address = address(host.name);
            return address != null && address.length == network.length
                    && new BigInteger(1, address).shiftRight(free).equals(new BigInteger(1, network).shiftRight(free));
        };
    }

    /** Without brackets, and the dot at the end. */
    private static String plain(String host) {
        return host.replaceAll("^\\[|]$|\\.$", "");
    }

    /** The bytes of an address; null for a name, which is not looked up. */
    static byte[] address(String text) {
        boolean isAddress = text.indexOf(':') >= 0 || text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        try {
            return isAddress ? InetAddress.getByName(text).getAddress() : null;
        } catch (UnknownHostException notOne) {
            return null;
        }
    }
}
