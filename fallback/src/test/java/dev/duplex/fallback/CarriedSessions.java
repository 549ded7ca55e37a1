package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server with sessions that WebSockets may carry, and what one says to it by hand. */
abstract class CarriedSessions {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The frame of "hi", masked with zeros, and its echo. */
    static final String HI = "8182000000006869";
    static final String HI_BACK = "81026869";

    final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    WebSocketServer server;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback(3, Duration.ofSeconds(30), Duration.ofSeconds(25)))
                .endpoint("/echo", opening -> {
                    told.add(opening.carrier() + " " + opening.query());
                    return new Listener() {
                        @Override
                        public void onMessage(Connection connection, Message message) {
                            connection.send(message);
                        }

                        @Override
                        public void onClose(Connection connection, CloseReason reason) {
                            told.add("end " + reason.code());
                        }
                    };
                })
                .endpoint("/other", opening -> new Listener() { })
                .endpoint("/much", opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        connection.send(new byte[600 * 1024]);
                    }
                })
                .endpoint("/slow", opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        connection.pause();
                    }
                })
                .start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.close(Duration.ofMillis(100));
    }

    Conversation socket(String path, String... headers) {
        ClientBuilder builder = WebSocketClient.builder().subprotocols("a", "duplex.session");
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.build().converse(URI.create("ws://127.0.0.1:" + server.port() + path));
    }

    String open(String... headers) throws IOException, InterruptedException {
        return openAt("/echo", headers);
    }

    String openAt(String path, String... headers) throws IOException, InterruptedException {
        return path + "?duplex=" + new String(ask("POST", path + "?duplex=open&duplex-as=long", "", headers).body()).lines().findFirst().orElseThrow();
    }

    HttpResponse<byte[]> ask(String method, String path, String hex, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/octet-stream")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(HexFormat.of().parseHex(hex)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static String hex(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + HexFormat.of().formatHex(response.body());
    }

    static void say(Conversation socket, String hex) {
        socket.send(HexFormat.of().parseHex(hex));
    }

    /** The next binary message, past texts. */
    static String bytes(Conversation socket) throws InterruptedException, TimeoutException {
        Message message = socket.receive(PATIENCE);
        while (message.isText()) {
            message = socket.receive(PATIENCE);
        }
        return HexFormat.of().formatHex(message.bytes());
    }

    /** So many bytes at least, in one row: how many came with the message that has the last. */
    static int receiveBytes(Conversation socket, int wanted) throws InterruptedException, TimeoutException {
        int came = 0;
        while (came < wanted) {
            Message message = socket.receive(PATIENCE);
            if (message.isText()) {
                assertThat(message.text()).as("behind %d bytes", came).isEqualTo("0");
            } else {
                came += message.byteLength();
            }
        }
        return came;
    }

    static String text(Conversation socket) throws InterruptedException, TimeoutException {
        Message message = socket.receive(PATIENCE);
        while (!message.isText()) {
            message = socket.receive(PATIENCE);
        }
        return message.text();
    }

    /** Climbs with a session: the server's number, this end's, and the answer. */
    Conversation climb(String session, int serverHas, int clientHas) throws Exception {
        Conversation socket = socket(session + "&duplex-as=socket");
        assertThat(text(socket)).isEqualTo(Integer.toString(serverHas));
        socket.send(Integer.toString(clientHas));
        assertThat(text(socket)).isEqualTo(Integer.toString(serverHas));
        return socket;
    }

    static int ending(Conversation socket) throws Exception {
        return socket.connection().closed().toCompletableFuture().get(20, TimeUnit.SECONDS).code();
    }

    String heard() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    int refused(String path, String... headers) {
        try {
            socket(path, headers);
            return 101;
        } catch (ConnectFailedException refused) {
            return refused.status().orElse(0);
        }
    }
}
