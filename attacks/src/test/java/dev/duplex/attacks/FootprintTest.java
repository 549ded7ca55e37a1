package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Group D: what a connection takes, in heap and outside of it, is not more than what the budget of memory counts for it. */
@Tag("slow")
@Timeout(180)
class FootprintTest {
    /** Of what takes little and lies in the heap and its buffers alone: what else the process takes, by the way, is not looked at. */
    private static final int MANY = 1000;
    private static final String BUFFERS = "buffers";

    /** Of what takes far less than is counted, and some of it from the system itself. */
    private static final int SOME = 300;
    private static final String RESIDENT = "resident";
    /** Of what is counted so high that the server would have no room for more. */
    private static final int FEW = 200;

    /**
     * The heap is touched at the start, so that what the process takes besides is not of the heap; and the leak detector looks at one
     * buffer of 128, since its notes of each would be measured too.
     */
    private static final List<String> TOUCHED = List.of("-Dio.netty.leakDetection.level=simple", "-Xms192m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1",
            "-XX:ActiveProcessorCount=2");

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Opens one connection; whatever it takes is left open until the end. */
    private interface Opener {
        void open(ServerProcess server) throws Exception;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
    }

    @Test
    @Row("D7")
    void d7AnIdleConnectionTakesNoMoreThanIsCounted() throws Exception {
        assertIsCounted(BUFFERS, MANY, "", server -> open.add(server.connect().open("/echo")));
    }

    @Test
    @Row("D7")
    void d7AnIdleConnectionOfTlsTakesNoMoreThanIsCounted() throws Exception {
        assertIsCounted(RESIDENT, SOME, "", server -> open.add(server.connect().open("/echo")), "--tls");
    }

    @Test
    @Row("D7")
    void d7NorDoesOneOfTheSystemsOwnTls() throws Exception {
        assertIsCounted(RESIDENT, SOME, "-Dio.netty.handler.ssl.noOpenSsl=true", server -> open.add(server.connect().open("/echo")), "--tls");
    }

    @Test
    @Row("D7")
    void d7ACompressedMessageUnderWayTakesNoMoreThanIsCounted() throws Exception {
        byte[] begun = Frames.masked(0x42, Frames.hex("f2 48 cd"));
        assertIsCounted(RESIDENT, SOME, "", server -> {
            RawSocket raw = server.connect();
            open.add(raw);
            assertThat(raw.say(RawSocket.opening("/echo", "Sec-WebSocket-Extensions: permessage-deflate\r\n")).head()).contains("permessage-deflate");
            raw.say(begun).sayHex("89 80 00000000").hex(2);
        }, "--compress");
    }

    @Test
    @Row("D7")
    void d7AStreamOfHttp2TakesNoMoreThanIsCounted() throws Exception {
        WebSocketClient client = WebSocketClient.builder().http2().build();
        assertIsCounted(BUFFERS, MANY, "", server -> client.open(URI.create("ws://127.0.0.1:" + server.port() + "/echo"), new Listener() { })
                .toCompletableFuture().get(30, TimeUnit.SECONDS));
        client.close();
    }

    /** With all that it holds besides its streams: both tables full, and a head whose second frame has come but for its last byte. */
    @Test
    @Row("D7")
    void d7AConnectionOfHttp2TakesNoMoreThanIsCounted() throws Exception {
        assertIsCounted(BUFFERS, FEW, "", server -> {
            Http2Peer peer = remembered(server);
            byte[] begun = Arrays.copyOf(Http2Peer.connect("/echo"), 16_384);
            byte[] almost = Http2Peer.frame(Http2Peer.CONTINUATION, 0, 7, new byte[16_384]);
            peer.send(Http2Peer.HEADERS, 0, 7, begun).flood(Arrays.copyOf(almost, almost.length - 1));
        });
    }

    @Test
    @Row("D7")
    void d7NorDoesOneThatGathersNothing() throws Exception {
        assertIsCounted(BUFFERS, SOME, "", this::remembered);
    }

    /** A connection of HTTP/2 with one WebSocket, after requests that the server was to remember. */
    private Http2Peer remembered(ServerProcess server) throws IOException {
        Http2Peer peer = new Http2Peer(server.connect(), Http2Peer.setting(1, 16 << 20));
        open.add(peer);
        peer.send(Http2Peer.HEADERS, Http2Peer.END_HEADERS, 1, Http2Peer.connect("/echo"));
        for (int stream = 3; stream <= 5; stream += 2) {
            peer.send(Http2Peer.HEADERS, Http2Peer.END_HEADERS | Http2Peer.END_STREAM, stream, indexed(stream, 90));
            assertThat(peer.awaitOn(stream, Http2Peer.HEADERS, Http2Peer.RST_STREAM).type()).isEqualTo(Http2Peer.HEADERS);
        }
        return peer;
    }

    /** A right request, with so many fields that the server is to remember (RFC 7541 §6.2.1). */
    private static byte[] indexed(int seed, int fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(Http2Peer.fields(":method", "GET", ":scheme", "http", ":path", "/nothing", ":authority", "localhost"));
        for (int i = 0; i < fields; i++) {
            block.writeBytes(new byte[] {0x40, 3, (byte) ('a' + seed), (byte) ('a' + i / 10), (byte) ('a' + i % 10), 0});
        }
        return block.toByteArray();
    }

    @Test
    @Row("D7")
    void d7ASessionOverPlainHttpTakesNoMoreThanIsCounted() throws Exception {
        assertIsCounted(BUFFERS, MANY, "", server -> {
            try (RawSocket raw = server.connect()) {
                raw.say("POST /echo?duplex=open&duplex-as=long HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").answered();
            }
        }, "--http");
    }

    /**
     * The smaller of two measurements counts, as what the server takes once for all of them is in one alone.
     *
     * @param option one more for the JVM; empty for none
     */
    private void assertIsCounted(String what, int connections, String option, Opener opener, String... args) throws Exception {
        List<String> options = new ArrayList<>(TOUCHED);
        if (!option.isEmpty()) {
            options.add(option);
        }
        try (ServerProcess server = new ServerProcess("", options, args); Bystander good = new Bystander(server.connect().open("/echo"))) {
            long countedBefore = server.heldBytes();
            takenByMore(server, what, connections / 2, opener);
            long taken = Math.min(takenByMore(server, what, connections, opener), takenByMore(server, what, connections, opener));
            long counted = (server.heldBytes() - countedBefore) / (connections / 2 + 2 * connections);
            assertThat(counted).isPositive();
            assertThat(taken).as("%s bytes of one more, of which are counted %d", what, counted).isBetween(500L, counted);
            close();
            server.assertUnhurt(good, "/echo");
        }
    }

    /** @return bytes for each */
    private static long takenByMore(ServerProcess server, String what, int connections, Opener opener) throws Exception {
        long before = Long.parseLong(server.ask(what));
        for (int i = 0; i < connections; i++) {
            opener.open(server);
        }
        return (Long.parseLong(server.ask(what)) - before) / connections;
    }
}
