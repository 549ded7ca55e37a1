package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The line or block that a proxy puts before the first byte of a connection: the PROXY protocol, versions 1 and 2.
 *
 * <pre>
 *   1   PROXY TCP4 192.0.2.60 198.51.100.1 4711 443 CRLF                       at most 107 bytes
 *
 *   2   0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a │ 2 command │ family transport │ length, 2 bytes │
 *       addresses: source, destination (4 or 16 bytes each), their ports (2 each) │ then type, length (2), value …
 *       at most 536 bytes
 * </pre>
 *
 * <p>Of the values behind the addresses two are looked at: that the client came by TLS, and the checksum.
 *
 * @param source the client; null if the proxy speaks for itself, as to ask whether the server is well, or tells no address
 * @param isSecure whether the client came by TLS, which the proxy has ended
 */
record ProxyHeader(InetSocketAddress source, boolean isSecure) {
    /** What the PROXY protocol wants understood at the least: the addresses of Unix sockets and 304 bytes of values. */
    static final int MAX_BYTES = 536;

    private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LINE_BYTES = 107;
    private static final byte[] BLOCK = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int BLOCK_HEAD_BYTES = 16;

    private static final int COMMAND_LOCAL = 0x20;
    private static final int COMMAND_PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_BYTES = 216;
    private static final int TYPE_CRC32C = 0x03;
    private static final int TYPE_SSL = 0x20;

    private static final ProxyHeader NOBODY = new ProxyHeader(null, false);

    /** Thrown for what is no such header. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** Who is at the other end of the connection behind this header. */
    Caller caller(SocketAddress proxy) {
        return new Caller(source == null ? proxy : source, isSecure, null);
    }

    /** Reads one header and leaves what follows it; null, and nothing read, if more must come first. */
    static ProxyHeader read(ByteBuf input) throws Malformed {
        if (begins(input, LINE)) {
            return input.readableBytes() < LINE.length ? null : line(input);
        }
        if (begins(input, BLOCK)) {
            return input.readableBytes() < BLOCK_HEAD_BYTES ? null : block(input);
        }
        throw new Malformed("no PROXY header");
    }

    /** Whether all bytes that have come so far are those of a mark. */
    private static boolean begins(ByteBuf input, byte[] mark) {
        for (int i = 0; i < Math.min(mark.length, input.readableBytes()); i++) {
            if (input.getByte(input.readerIndex() + i) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static ProxyHeader line(ByteBuf input) throws Malformed {
        int length = input.bytesBefore(Math.min(input.readableBytes(), MAX_LINE_BYTES), (byte) '\n');
        if (length < 0 && input.readableBytes() < MAX_LINE_BYTES) {
            return null;
        }
        if (length < 1 || input.getByte(input.readerIndex() + length - 1) != '\r') {
            throw new Malformed("a PROXY line without its end");
        }
        String text = input.readCharSequence(length + 1, StandardCharsets.ISO_8859_1).toString();
        String[] parts = text.substring(0, length - 1).split(" ", -1);
        if (parts[1].equals("UNKNOWN")) {
            return NOBODY;
        }
        if (parts.length != 6 || !parts[1].equals("TCP4") && !parts[1].equals("TCP6")) {
            throw new Malformed("a PROXY line that is not one");
        }
        boolean isV6 = parts[1].equals("TCP6");
        address(parts[3], isV6);
        port(parts[5]);
        return new ProxyHeader(new InetSocketAddress(address(parts[2], isV6), port(parts[4])), false);
    }

    private static InetAddress address(String text, boolean isV6) throws Malformed {
        InetAddress address = isV6 == text.indexOf(':') >= 0 ? Network.address(text) : null;
        if (address == null) {
            throw new Malformed("a PROXY line with an address that is none");
        }
        return address;
    }

    private static int port(String text) throws Malformed {
        int port = text.matches("0|[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 65_536;
        if (port > 65_535) {
            throw new Malformed("a PROXY line with a port that is none");
        }
        return port;
    }

    private static ProxyHeader block(ByteBuf input) throws Malformed {
        int start = input.readerIndex();
        int command = input.getUnsignedByte(start + 12);
        int end = start + BLOCK_HEAD_BYTES + input.getUnsignedShort(start + 14);
        if (command != COMMAND_LOCAL && command != COMMAND_PROXY) {
            throw new Malformed("a PROXY header with an unknown version or command");
        }
        if (end - start > MAX_BYTES) {
            throw new Malformed("a PROXY header of " + (end - start) + " bytes");
        }
        if (input.writerIndex() < end) {
            return null;
        }
        ByteBuf header = input.readSlice(end - start);
        return command == COMMAND_LOCAL ? NOBODY : told(header, header.getUnsignedByte(13));
    }

    private static ProxyHeader told(ByteBuf header, int family) throws Malformed {
        int addressBytes = switch (family) {
            case TCP4 -> 4;
            case TCP6 -> 16;
            default -> 0;
        };
        int values = BLOCK_HEAD_BYTES + (family == UNIX_STREAM ? UNIX_BYTES : addressBytes == 0 ? 0 : 2 * addressBytes + 4);
        if (values > header.writerIndex()) {
            throw new Malformed("a PROXY header too short for its addresses");
        }
        boolean isSecure = (addressBytes != 0 || family == UNIX_STREAM) && readValues(header, values);
        if (addressBytes == 0) {
            return new ProxyHeader(null, isSecure);
        }
        byte[] address = ByteBufUtil.getBytes(header, BLOCK_HEAD_BYTES, addressBytes);
        int port = header.getUnsignedShort(BLOCK_HEAD_BYTES + 2 * addressBytes);
        try {
            return new ProxyHeader(new InetSocketAddress(InetAddress.getByAddress(address), port), isSecure);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Checks the checksum if there is one; tells whether the client came by TLS. */
    private static boolean readValues(ByteBuf header, int from) throws Malformed {
        boolean isSecure = false;
        for (int at = from; at < header.writerIndex();) {
            int value = at + 3;
            int next = value > header.writerIndex() ? Integer.MAX_VALUE : value + header.getUnsignedShort(at + 1);
            if (next > header.writerIndex()) {
                throw new Malformed("a PROXY header whose values go beyond its end");
            }
            int type = header.getUnsignedByte(at);
            if (type == TYPE_CRC32C && (next - value != 4 || header.getUnsignedInt(value) != checksum(header, value))) {
                throw new Malformed("a PROXY header with a wrong checksum");
            }
            isSecure |= type == TYPE_SSL && next > value && (header.getByte(value) & 1) != 0;
            at = next;
        }
        return isSecure;
    }

    /** Over the whole header, as if the checksum itself were zero. */
    private static long checksum(ByteBuf header, int at) {
        byte[] bytes = ByteBufUtil.getBytes(header, 0, header.writerIndex());
        Arrays.fill(bytes, at, at + 4, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }
}
