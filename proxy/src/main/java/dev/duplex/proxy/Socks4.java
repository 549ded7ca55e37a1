package dev.duplex.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * SOCKS 4 and 4A.
 *
 * <pre>
 *   04 01 port port  ip ip ip ip  user 00 [host 00]        00 code .. .. .. .. .. ..
 *                    0.0.0.1 with a host (4A)               5a granted
 * </pre>
 */
final class Socks4 extends ProxyHandshake {
    private static final int ANSWER_BYTES = 8;
    private static final byte[] BY_NAME = {0, 0, 0, 1};

    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);

    Socks4(Proxy proxy, Target target) {
        super(proxy, target);
    }

    @Override
    public byte[] begin() {
        byte[] user = proxy().user().getBytes(StandardCharsets.UTF_8);
        byte[] address = target().address();
        byte[] name = address != null ? new byte[0] : target().host().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(ANSWER_BYTES + user.length + 1 + (name.length == 0 ? 0 : name.length + 1));
        request.put((byte) 4).put((byte) 1).putShort((short) target().port()).put(address != null ? address : BY_NAME).put(user).put((byte) 0);
        if (name.length > 0) {
            request.put(name).put((byte) 0);
        }
        return request.array();
    }

    @Override
    Step read(ByteBuffer input) {
        while (input.hasRemaining() && answer.hasRemaining()) {
            answer.put(input.get());
            if (answer.get(0) != 0) {
                return failed("does not speak SOCKS 4");
            }
        }
        if (answer.hasRemaining()) {
            return MORE;
        }
        return switch (answer.get(1)) {
            case 0x5a -> new Step.Open();
            case 0x5b -> failed("does not let through to " + target() + ", or cannot reach it (SOCKS 4 code 91)");
            case 0x5c, 0x5d -> failed("wants to know the user from an ident server (SOCKS 4 code " + answer.get(1) + ")");
            default -> failed("answered with an unknown SOCKS 4 code: " + (answer.get(1) & 0xff));
        };
    }
}
