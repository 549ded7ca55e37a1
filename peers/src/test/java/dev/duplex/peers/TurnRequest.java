package dev.duplex.peers;

import dev.duplex.signalling.TurnCredential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Asks a TURN server for an allocation, over UDP (RFC 8489, RFC 8656).
 *
 * <pre>
 *   type (2) | length (2) | magic cookie (4) | transaction (12)     then attributes: type (2) | length (2) | value, padded to 4
 * </pre>
 */
final class TurnRequest {
    /** What {@link #allocate} tells when the server gave an address. */
    static final int ALLOCATED = 0;

    private static final int ALLOCATE = 0x0003;
    private static final int ALLOCATE_SUCCESS = 0x0103;
    private static final int COOKIE = 0x2112A442;
    private static final int HEADER_BYTES = 20;
    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int ERROR_CODE = 0x0009;
    private static final int REALM = 0x0014;
    private static final int NONCE = 0x0015;
    private static final int REQUESTED_TRANSPORT = 0x0019;
    private static final byte[] UDP = {17, 0, 0, 0};
    private static final int TRIES = 40;
    private static final int WAIT_MILLIS = 500;

    private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();
    private final byte[] transaction = new byte[12];

    private TurnRequest() {
        ThreadLocalRandom.current().nextBytes(transaction);
        add(REQUESTED_TRANSPORT, UDP);
    }

    /** Waits until a server answers at all. */
    static void awaitServer(int port) throws IOException {
        try (DatagramSocket socket = socket(port)) {
            new TurnRequest().send(socket, null);
        }
    }

    /** Asks without a name, takes realm and nonce from the 401, and asks again. @return 0, or the error's code */
    static int allocate(int port, TurnCredential credential) throws IOException, GeneralSecurityException {
        // One socket for both: a nonce belongs to the address that asked for it.
        try (DatagramSocket socket = socket(port)) {
            Map<Integer, byte[]> challenge = attributesOf(new TurnRequest().send(socket, null));
            TurnRequest request = new TurnRequest();
            request.add(USERNAME, credential.username().getBytes(StandardCharsets.UTF_8));
            request.add(REALM, challenge.get(REALM));
            request.add(NONCE, challenge.get(NONCE));
            ByteBuffer answer = request.send(socket, key(credential, new String(challenge.get(REALM), StandardCharsets.UTF_8)));
            if (answer.getShort(0) == ALLOCATE_SUCCESS) {
                return ALLOCATED;
            }
            byte[] error = attributesOf(answer).get(ERROR_CODE);
            return error[2] * 100 + error[3];
        }
    }

    /** RFC 8489 §9.2.2: what signs a request under a long-term credential. */
    private static byte[] key(TurnCredential credential, String realm) throws GeneralSecurityException {
        return MessageDigest.getInstance("MD5")
                .digest((credential.username() + ":" + realm + ":" + credential.password()).getBytes(StandardCharsets.UTF_8));
    }

    private static DatagramSocket socket(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.connect(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    /** Sends it until an answer comes: UDP promises nothing, and the server may just be starting. */
    private ByteBuffer send(DatagramSocket socket, byte[] key) throws IOException {
        byte[] request = key == null ? message(attributes.toByteArray(), 0) : signed(key);
        for (int i = 0; i < TRIES; i++) {
            try {
                socket.send(new DatagramPacket(request, request.length));
                DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
                socket.receive(answer);
                if (Arrays.equals(answer.getData(), 8, HEADER_BYTES, transaction, 0, transaction.length)) {
                    return ByteBuffer.wrap(Arrays.copyOf(answer.getData(), answer.getLength()));
                }
            } catch (SocketTimeoutException silent) {
                continue;
            } catch (PortUnreachableException notYet) {
                LockSupport.parkNanos(WAIT_MILLIS * 1_000_000L);
            }
        }
        throw new AssertionError("no TURN server answers on port " + socket.getPort() + "; see " + Programs.log("coturn"));
    }

    private byte[] signed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            // RFC 8489 §14.5: the length counts the attribute that is about to follow.
            byte[] digest = mac.doFinal(message(attributes.toByteArray(), 4 + mac.getMacLength()));
            add(MESSAGE_INTEGRITY, digest);
            return message(attributes.toByteArray(), 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] message(byte[] content, int moreBytes) {
        return ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putShort((short) ALLOCATE).putShort((short) (content.length + moreBytes)).putInt(COOKIE).put(transaction).put(content).array();
    }

    private void add(int type, byte[] value) {
        attributes.writeBytes(ByteBuffer.allocate(4).putShort((short) type).putShort((short) value.length).array());
        attributes.writeBytes(value);
        attributes.writeBytes(new byte[(4 - value.length % 4) % 4]);
    }

    private static Map<Integer, byte[]> attributesOf(ByteBuffer message) {
        Map<Integer, byte[]> attributes = new HashMap<>();
        message.position(HEADER_BYTES);
        while (message.remaining() >= 4) {
            int type = message.getShort();
            byte[] value = new byte[message.getShort()];
            message.get(value);
            message.position(Math.min(message.limit(), message.position() + (4 - value.length % 4) % 4));
            attributes.put(type, value);
        }
        return attributes;
    }
}
