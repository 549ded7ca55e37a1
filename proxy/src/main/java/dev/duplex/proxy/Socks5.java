package dev.duplex.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * SOCKS 5 (RFC 1928), with a user name and password if there is one (RFC 1929).
 *
 * <pre>
 *   METHOD    05 n methods              05 method       00 none, 02 name and password, ff no common one
 *   LOGIN     01 n user n password      01 status       00 is right
 *   CONNECT   05 01 00 address port     05 code 00 address port
 *             address: 01 IPv4, 03 n name, 04 IPv6
 * </pre>
 */
final class Socks5 extends ProxyHandshake {
    private static final int LONGEST_FIELD_BYTES = 255;
    private static final int NO_LOGIN = 0;
    private static final int LOGIN = 2;

    private enum Stage { METHOD, LOGIN, CONNECT }

    private final ByteBuffer answer = ByteBuffer.allocate(4 + 1 + LONGEST_FIELD_BYTES + 2);
    private Stage stage = Stage.METHOD;

    Socks5(Proxy proxy, Target target) {
        super(proxy, target);
    }

    @Override
    public byte[] begin() {
        return proxy().user().isEmpty() ? new byte[] {5, 1, NO_LOGIN} : new byte[] {5, 2, NO_LOGIN, LOGIN};
    }

    @Override
    Step read(ByteBuffer input) {
        while (input.hasRemaining()) {
            answer.put(input.get());
            if (answer.position() == 1 && answer.get(0) != (stage == Stage.LOGIN ? 1 : 5)) {
                return failed("does not speak SOCKS 5");
            }
            if (answer.position() >= 2 && answer.position() == wantedBytes()) {
                Step step = judge();
                answer.clear();
                if (step != MORE) {
                    return step;
                }
            }
        }
        return MORE;
    }

    /** The length of the answer that is being read, as far as it is known. */
    private int wantedBytes() {
        if (stage != Stage.CONNECT || answer.get(1) != 0) {
            return 2; // of a refusal the code is all that matters
        }
        if (answer.position() < 5) {
            return 5;
        }
        return switch (answer.get(3)) {
            case 1 -> 4 + 4 + 2;
            case 3 -> 4 + 1 + (answer.get(4) & 0xff) + 2;
            case 4 -> 4 + 16 + 2;
            default -> 5; // judged at once
        };
    }

    private Step judge() {
        int code = answer.get(1) & 0xff;
        return switch (stage) {
            case METHOD -> method(code);
            case LOGIN -> code == 0 ? connect() : failed("does not accept the user name and password");
            case CONNECT -> connected(code);
        };
    }

    private Step method(int chosen) {
        if (chosen == NO_LOGIN) {
            return connect();
        }
        if (chosen == LOGIN && !proxy().user().isEmpty()) {
            return login();
        }
        return failed(proxy().user().isEmpty() ? "wants a user name and password; give them as socks5://user:password@host:port"
                : "wants a way to log in that is not spoken here");
    }

    private Step login() {
        byte[] user = proxy().user().getBytes(StandardCharsets.UTF_8);
        byte[] password = proxy().password().getBytes(StandardCharsets.UTF_8);
        if (user.length > LONGEST_FIELD_BYTES || password.length > LONGEST_FIELD_BYTES) {
            return failed("cannot be told a user name or password of more than 255 bytes (RFC 1929)");
        }
        stage = Stage.LOGIN;
        return new Step.Send(ByteBuffer.allocate(3 + user.length + password.length)
                .put((byte) 1).put((byte) user.length).put(user).put((byte) password.length).put(password).array());
    }

    private Step connect() {
        byte[] address = target().address();
        byte[] host = address != null ? address : target().host().getBytes(StandardCharsets.US_ASCII);
        if (host.length > LONGEST_FIELD_BYTES) {
            return failed("cannot be told a host of more than 255 characters (RFC 1928)");
        }
        stage = Stage.CONNECT;
        ByteBuffer request = ByteBuffer.allocate(6 + host.length + (address == null ? 1 : 0)).put(new byte[] {5, 1, 0});
        if (address == null) {
            request.put((byte) 3).put((byte) host.length);
        } else {
            request.put((byte) (address.length == 4 ? 1 : 4));
        }
        return new Step.Send(request.put(host).putShort((short) target().port()).array());
    }

    private Step connected(int code) {
        if (code == 0) {
            byte type = answer.get(3);
            return type == 1 || type == 3 || type == 4 ? new Step.Open() : failed("does not speak SOCKS 5");
        }
        return failed(switch (code) {
            case 2 -> "does not let through to " + target();
            case 3 -> "cannot reach " + target() + ": network unreachable";
            case 4 -> "cannot reach " + target() + ": host unreachable";
            case 5 -> "cannot reach " + target() + ": connection refused";
            case 6 -> "cannot reach " + target() + ": it took too long";
            case 8 -> "knows no addresses of this kind: " + target();
            default -> "failed to reach " + target() + " (SOCKS 5 code " + code + ")";
        });
    }
}
