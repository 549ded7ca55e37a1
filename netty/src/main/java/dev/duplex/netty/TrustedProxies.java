package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The proxies whose word on the client counts, and the reading of it.
 *
 * <p>From right to left: what stands rightmost was added by whoever is connected to us. If that one is trusted, the address that
 * it tells is the next to be looked at, and so on; the first that is not trusted is the client, and nothing left of it is
 * believed, since the client may have written it.
 *
 * @param networks where they are; none by default
 * @param wantsHeader whether each of their connections begins with a PROXY header
 */
record TrustedProxies(List<Network> networks, boolean wantsHeader) {
    static final TrustedProxies NONE = new TrustedProxies(List.of(), false);

    boolean contains(SocketAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Who sent a request.
     *
     * @param connected who is at the other end of the connection
     * @return null if {@code Forwarded} and {@code X-Forwarded-*} tell different stories, or the former is malformed: a proxy has
     *     passed on what it did not write, and 400 is the answer
     */
    Caller caller(Caller connected, Headers headers) {
        if (networks.isEmpty() || !contains(connected.address())) {
            return connected;
        }
        List<Hop> standard = ForwardedHeader.hops(headers.all("Forwarded"));
        if (standard == null) {
            return null;
        }
        Told one = walk(connected, standard);
        Told other = walk(connected, usual(headers));
        return one.agreesWith(other) ? one.or(other).from(connected) : null;
    }

    /** What one kind of header tells; null for what it does not. */
    private record Told(InetSocketAddress address, Boolean isSecure, String host) {
        static final Told NOTHING = new Told(null, null, null);

        Told or(Told other) {
            return new Told(address != null ? address : other.address, isSecure != null ? isSecure : other.isSecure, host != null ? host : other.host);
        }

        boolean agreesWith(Told other) {
            return (address == null || other.address == null || address.getAddress().equals(other.address.getAddress()))
                    && (isSecure == null || other.isSecure == null || isSecure.equals(other.isSecure))
                    && (host == null || other.host == null || host.equalsIgnoreCase(other.host));
        }

        Caller from(Caller connected) {
            return new Caller(address != null ? address : connected.address(), isSecure != null ? isSecure : connected.isSecure(), host);
        }
    }

    private Told walk(Caller connected, List<Hop> hops) {
        Told told = Told.NOTHING;
        SocketAddress asker = connected.address();
        for (int i = hops.size() - 1; i >= 0 && contains(asker); i--) {
            Hop hop = hops.get(i);
            asker = hop.address(); // a secret is nobody's address: what stands further left is not believed
            told = new Told(hop.address(), hop.isSecure(), hop.authority()).or(told);
        }
        return told;
    }

    /** Three lists side by side; where they differ in length, what the nearest proxy wrote counts. */
    private static List<Hop> usual(Headers headers) {
        List<String> nodes = list(headers, "X-Forwarded-For");
        List<String> protos = list(headers, "X-Forwarded-Proto");
        List<String> hosts = list(headers, "X-Forwarded-Host");
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            hops.add(new Hop(nodes.get(i), at(protos, i, nodes.size()), at(hosts, i, nodes.size())));
        }
        return nodes.isEmpty() ? List.of(new Hop(null, at(protos, 0, 0), at(hosts, 0, 0))) : hops;
    }

    private static String at(List<String> list, int index, int length) {
        return list.isEmpty() ? null : list.get(list.size() == length ? index : list.size() - 1);
    }

    private static List<String> list(Headers headers, String name) {
        List<String> all = new ArrayList<>();
        for (String line : headers.all(name)) {
            for (String part : line.split(",", -1)) {
                all.add(part.strip());
            }
        }
        return all;
    }
}
