package dev.duplex.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * A set of addresses that share their first bits, such as {@code 10.0.0.0/8}; RFC 4632 and RFC 4291.
 *
 * @param prefix the address; null for whoever comes over a Unix domain socket
 */
record Network(byte[] prefix, int bits) {
    private static final String UNIX = "unix:";

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, one address, or {@code unix:}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static Network parse(String text) {
        if (text.equals(UNIX)) {
            return new Network(null, 0);
        }
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int all = 8 * address.getAddress().length;
            int bits = slash < 0 ? all : bits(text.substring(slash + 1));
            if (bits >= 0 && bits <= all) {
                return new Network(address.getAddress(), bits);
            }
        }
        throw new IllegalArgumentException("not a network such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1: '" + Failures.shown(text) + "'");
    }

    private static int bits(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** An address in numbers, without a zone; null if it is none, for names are never looked up here. */
    static InetAddress address(String text) {
        boolean isNumbers = NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text) && text.indexOf('%') < 0 && !text.startsWith("[");
        try {
            return isNumbers ? InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text)) : null;
        } catch (UnknownHostException impossible) {
            return null;
        }
    }

    boolean contains(SocketAddress socket) {
        if (!(socket instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return prefix == null && socket != null && !(socket instanceof InetSocketAddress);
        }
        byte[] address = inet.getAddress().getAddress();
        if (prefix == null || address.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i += 8) {
            int mask = bits - i >= 8 ? 0xff : 0xff00 >> (bits - i);
            if (((address[i / 8] ^ prefix[i / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
