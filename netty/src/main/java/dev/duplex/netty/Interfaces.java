package dev.duplex.netty;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The addresses of this machine, as they stand in a URL. */
final class Interfaces {
    private Interfaces() {}

    /** An address itself, or for the wildcard every address of an interface that is up, IPv4 and loopback first. */
    static List<String> listeningOn(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return List.of(written(address));
        }
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()) {
                    each.inetAddresses().filter(a -> !a.isLinkLocalAddress()).forEach(all::add);
                }
            }
        } catch (SocketException e) {
            return List.of("localhost");
        }
        return all.stream().sorted((a, b) -> rank(a) - rank(b)).map(Interfaces::written).toList();
    }

    private static int rank(InetAddress address) {
        return (address instanceof Inet6Address ? 2 : 0) + (address.isLoopbackAddress() ? 0 : 1);
    }

    private static String written(InetAddress address) {
        String host = NetUtil.toAddressString(address); // in the short form of RFC 5952
        return address instanceof Inet6Address ? "[" + host + "]" : host;
    }
}
