package dev.duplex.peers;

import static dev.duplex.protocol.WireTap.Direction.IN;
import static dev.duplex.protocol.WireTap.Direction.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.CloseReason.Initiator;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Clients of other makers and our server understand each other. */
class ForeignClientTest {
    private static final int MEBIBYTE = 1 << 20;

    private static final Map<ForeignClient, Session> SESSIONS = new EnumMap<>(ForeignClient.class);

    @AfterAll
    static void endAll() {
        SESSIONS.values().forEach(Session::close);
    }

    @ParameterizedTest
    @EnumSource
    void textComesBack(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        session.echoesText("Grüße, 世界 🙂, \u0000 and \u2028");
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource
    void binaryComesBack(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        session.echoesBinary(everyByte);
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource
    void emptyMessagesComeBack(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        session.echoesText("");
        session.echoesBinary(new byte[0]);
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource
    void aMebibyteComesBack(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        byte[] noise = new byte[MEBIBYTE];
        new Random(1).nextBytes(noise);
        session.echoesBinary(noise);
        session.echoesText("ü".repeat(MEBIBYTE / 2));
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsFromTheServerBecomeOneMessage(ForeignClient client) throws Exception {
        Session session = open(client, "/fragments");
        session.server.frames();
        session.echoesText("ü🙂".repeat(1000));
        session.echoesBinary(new byte[10_000]);
        assertThat(session.server.frames()).anyMatch(frame -> frame.isFragment(OUT));
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource(names = {"NODE_WS", "NODE_HTTP2", "PYTHON_WEBSOCKETS", "GO_GORILLA", "JDK"})
    void fragmentsFromTheClientBecomeOneMessage(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        session.server.frames();
        List<String> texts = List.of("a".repeat(5000), "ü".repeat(5000), "🙂".repeat(5000));
        session.peer.command(Map.of("do", "fragments", "texts", texts));
        assertThat(session.peer.event()).isEqualTo(Map.of("on", "text", "text", String.join("", texts)));
        assertThat(session.server.frames()).anyMatch(frame -> frame.isFragment(IN));
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = {"DENO", "JDK", "NODE_HTTP2"})
    void compressedMessagesComeBack(ForeignClient client) throws Exception {
        Session session = session(client);
        assertThat(session.opens("/echo", true)).startsWith("permessage-deflate");
        session.server.frames();
        session.echoesText("to and fro ".repeat(1000));
        session.echoesBinary(new byte[MEBIBYTE]);
        session.echoesText("");
        assertThat(session.server.frames())
                .anyMatch(frame -> frame.isCompressed(OUT))
                .anyMatch(frame -> frame.isCompressed(IN) || client == ForeignClient.UNDICI); // which compresses nothing itself
        session.closesNormally();
    }

    @ParameterizedTest
    @EnumSource
    void theClientClosesWithItsOwnCode(ForeignClient client) throws Exception {
        Session session = open(client, "/echo");
        session.echoesText("before the end");
        session.peer.command(Map.of("do", "close", "code", 4001, "reason", "enough"));
        assertThat(session.peer.event()).containsEntry("on", "close").containsEntry("code", 4001).containsEntry("clean", true);
        assertThat(session.server.end()).isEqualTo(new CloseReason(4001, "enough", Initiator.PEER, true));
    }

    @ParameterizedTest
    @EnumSource
    void theServerClosesWithItsOwnCode(ForeignClient client) throws Exception {
        Session session = open(client, "/close");
        session.peer.command(Map.of("do", "text", "text", "close, please"));
        assertThat(session.peer.event())
                .isEqualTo(Map.of("on", "close", "code", 4002, "reason", "go away", "clean", true));
        CloseReason end = session.server.end();
        assertThat(end.initiator()).isEqualTo(Initiator.LOCAL);
        assertThat(end.isClean()).isTrue();
        // The code is that of the answer, which is the same, but for aiohttp.
        assertThat(end.code()).isEqualTo(client == ForeignClient.PYTHON_AIOHTTP ? 1000 : 4002);
    }

    private static Session open(ForeignClient client, String path) {
        Session session = session(client);
        session.opens(path, false);
        return session;
    }

    /** Starting a browser takes seconds: each client is started once, for all tests. */
    private static Session session(ForeignClient client) {
        return SESSIONS.computeIfAbsent(client, Session::start);
    }

    /** A client and the server it talks to. */
    private record Session(Peer peer, EchoServer server) {

        static Session start(ForeignClient client) {
            Peer peer = client.start();
            return new Session(peer, new EchoServer(peer.origin()));
        }

        /** Opens a connection and tells its extensions. */
        String opens(String path, boolean compress) {
            peer.command(Map.of("do", "open", "url", server.url(path), "compress", compress));
            Map<String, Object> opened = peer.event();
            assertThat(opened).containsEntry("on", "open");
            return (String) opened.get("extensions");
        }

        void echoesText(String text) {
            peer.command(Map.of("do", "text", "text", text));
            assertThat(peer.event()).isEqualTo(Map.of("on", "text", "text", text));
        }

        void echoesBinary(byte[] bytes) {
            String data = Base64.getEncoder().encodeToString(bytes);
            peer.command(Map.of("do", "binary", "data", data));
            assertThat(peer.event()).isEqualTo(Map.of("on", "binary", "data", data));
        }

        void closesNormally() throws InterruptedException {
            peer.command(Map.of("do", "close", "code", 1000, "reason", ""));
            assertThat(peer.event()).isEqualTo(Map.of("on", "close", "code", 1000, "reason", "", "clean", true));
            assertThat(server.end()).isEqualTo(new CloseReason(CloseReason.NORMAL, "", Initiator.PEER, true));
        }

        void close() {
            peer.close();
            server.close();
        }
    }
}
