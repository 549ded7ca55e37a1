package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Header fields as HTTP/2 writes them (RFC 7541), for an end that has told its peer to keep no table: what is sent is literal, and what
 * is read comes from the static table at the most, and may be in Huffman's code.
 */
final class Hpack {
    /** RFC 7541, appendix A: the first is entry 1. */
    private static final String[] STATIC = (":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|"
            + ":status=204|:status=206|:status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|"
            + "accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|"
            + "content-language|content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|"
            + "if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|"
            + "proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|"
            + "via|www-authenticate").split("\\|");

    /** RFC 7541, appendix B: how many bits each octet has, and at the end EOS; a is 5. The codes follow: shorter before longer, then in order. */
    private static final String CODE_BITS = "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccc"
            + "kgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrsvvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwvz";

    private static final int LONGEST_CODE_BITS = 30;
    private static final int EOS = 256;

    private final ByteBuffer block;

    private Hpack(byte[] block) {
        this.block = ByteBuffer.wrap(block);
    }

    /** A block of literal fields, none to be kept (RFC 7541 §6.2.2). */
    static byte[] encode(List<String[]> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String[] field : fields) {
            out.write(0);
            string(field[0], out);
            string(field[1], out);
        }
        return out.toByteArray();
    }

    private static void string(String text, ByteArrayOutputStream out) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length - 127;
        out.write(Math.min(bytes.length, 127));
        if (rest >= 0) {
            for (; rest > 127; rest >>= 7) {
                out.write(rest & 127 | 128);
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    /** @throws IOException when it is no such block */
    static List<String[]> decode(byte[] block) throws IOException {
        try {
            return new Hpack(block).fields();
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IOException("a block of fields that ends too early (RFC 7541)", e);
        }
    }

    private List<String[]> fields() throws IOException {
        List<String[]> fields = new ArrayList<>();
        while (block.hasRemaining()) {
            int first = block.get(block.position()) & 0xff;
            if (first >= 0x80) {
                fields.add(entry(number(7)));
            } else if (first >= 0x20 && first < 0x40) {
                number(5); // the size of a table that has to be empty
            } else {
                int name = number(first >= 0x40 ? 6 : 4);
                fields.add(new String[] {name == 0 ? string() : entry(name)[0], string()});
            }
        }
        return fields;
    }

    private static String[] entry(int index) throws IOException {
        if (index < 1 || index > STATIC.length) {
            throw new IOException("a field from a table that has no entry " + index + " (RFC 7541 §2.3)");
        }
        String[] both = STATIC[index - 1].split("=", 2);
        return both.length == 2 ? both : new String[] {both[0], ""};
    }

    /** RFC 7541 §5.1. */
    private int number(int prefixBits) throws IOException {
        int most = (1 << prefixBits) - 1;
        long value = block.get() & most;
        if (value < most) {
            return (int) value;
        }
        for (int shift = 0; shift <= 28; shift += 7) {
            int next = block.get();
            value += (long) (next & 127) << shift;
            if (next >= 0) {
                return (int) Math.min(value, Integer.MAX_VALUE);
            }
        }
        throw new IOException("a number that is too large (RFC 7541 §5.1)");
    }

    private String string() throws IOException {
        boolean isCoded = block.get(block.position()) < 0;
        int length = number(7);
        if (length > block.remaining()) {
            throw new IOException("a block of fields that ends too early (RFC 7541)");
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(isCoded ? decoded(bytes) : bytes, StandardCharsets.ISO_8859_1);
    }

    /** RFC 7541 §5.2: what is left over at the end is less than an octet. */
    private static byte[] decoded(byte[] coded) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = 0;
        int bits = 0;
        for (int at = 0; at < 8 * coded.length; at++) {
            code = code << 1 | coded[at / 8] >> 7 - at % 8 & 1;
            bits++;
            int symbol = symbol(code, bits);
            if (symbol == EOS || symbol < 0 && bits == LONGEST_CODE_BITS) {
                throw new IOException("a text in no code of Huffman's (RFC 7541 §5.2)");
            }
            if (symbol >= 0) {
                out.write(symbol);
                code = 0;
                bits = 0;
            }
        }
        return out.toByteArray();
    }

    /** The octet of a code; -1 for none of that length. */
    private static int symbol(int code, int bits) {
        int first = 0;
        for (int length = 5; length <= bits; length++, first <<= 1) {
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (CODE_BITS.charAt(symbol) - 'a' + 5 == length && first++ == code && length == bits) {
                    return symbol;
                }
            }
        }
        return -1;
    }
}
