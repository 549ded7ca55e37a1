package dev.duplex.netty;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.Message;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The two programs of {@link BackpressureTest}: one end sends a gibibyte, the other stops reading for a while.
 *
 * <p>Neither ends the connection because the other is late: a gibibyte keeps two processors busy, which may have other work, too.
 */
final class GibibyteEnds {
    private static final int MESSAGES = 1024;
    private static final int MESSAGE_BYTES = 1024 * 1024;
    private static final long STOPPED_SECONDS = 3;
    private static final Duration LONG = Duration.ofMinutes(5);

    private GibibyteEnds() {}

    private static void send(Conversation conversation) {
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = new byte[MESSAGE_BYTES];
            bytes[0] = (byte) i;
            conversation.send(bytes);
        }
        conversation.receive();
    }

    private static void read(Conversation conversation) throws Exception {
        TimeUnit.SECONDS.sleep(STOPPED_SECONDS);
        for (int i = 0; i < MESSAGES; i++) {
            Message message = conversation.receive(LONG);
            if (message.byteLength() != MESSAGE_BYTES || message.bytes()[0] != (byte) i) {
                throw new AssertionError("message " + i + " is not as it was sent");
            }
        }
        conversation.send("all arrived");
    }

    static final class Server {
        public static void main(String[] arguments) throws Exception {
            ServerBuilder builder = WebSocketServer.builder().host("127.0.0.1").port(0)
                    .handshakeDeadline(LONG).writeDeadline(LONG).pings(Duration.ZERO, Duration.ZERO)
                    .endpoint("/", Endpoint.conversation(arguments[1].equals("server") ? GibibyteEnds::send : GibibyteEnds::read));
            if (arguments[0].equals("wss")) {
                builder.tls(Tls.selfSigned());
            }
            try (WebSocketServer server = builder.start()) {
                System.out.println(server.port());
                System.in.read();
            }
        }
    }

    static final class Client {
        public static void main(String[] arguments) throws Exception {
            boolean isHttp2 = arguments[0].equals("h2");
            URI uri = URI.create((isHttp2 ? "ws" : arguments[0]) + "://127.0.0.1:" + arguments[2] + "/");
            ClientBuilder builder = WebSocketClient.builder().insecure()
                    .handshakeDeadline(LONG).pings(Duration.ZERO, Duration.ZERO);
            try (Conversation conversation = (isHttp2 ? builder.http2() : builder).build().converse(uri)) {
                if (arguments[1].equals("server")) {
                    read(conversation);
                } else {
                    send(conversation);
                }
            }
            System.out.println("all arrived");
        }
    }
}
