package dev.duplex.attacks;

import static dev.duplex.attacks.Http2Peer.CANCEL;
import static dev.duplex.attacks.Http2Peer.COMPRESSION_ERROR;
import static dev.duplex.attacks.Http2Peer.CONTINUATION;
import static dev.duplex.attacks.Http2Peer.DATA;
import static dev.duplex.attacks.Http2Peer.END_HEADERS;
import static dev.duplex.attacks.Http2Peer.END_STREAM;
import static dev.duplex.attacks.Http2Peer.ENHANCE_YOUR_CALM;
import static dev.duplex.attacks.Http2Peer.GOAWAY;
import static dev.duplex.attacks.Http2Peer.HEADERS;
import static dev.duplex.attacks.Http2Peer.PING;
import static dev.duplex.attacks.Http2Peer.PRIORITY;
import static dev.duplex.attacks.Http2Peer.PROTOCOL_ERROR;
import static dev.duplex.attacks.Http2Peer.REFUSED_STREAM;
import static dev.duplex.attacks.Http2Peer.RST_STREAM;
import static dev.duplex.attacks.Http2Peer.SETTINGS;
import static dev.duplex.attacks.Http2Peer.WINDOW_UPDATE;
import static dev.duplex.attacks.Http2Peer.connect;
import static dev.duplex.attacks.Http2Peer.fields;
import static dev.duplex.attacks.Http2Peer.frame;
import static dev.duplex.attacks.Http2Peer.number;
import static dev.duplex.attacks.Http2Peer.setting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.netty.HttpAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Group H: HTTP/2. */
class Http2RowsTest {
    private static final int MAX_HEADER_LIST_SIZE = 6;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int HEADER_TABLE_SIZE = 1;
    private static final byte[] NOTHING = {};
    /** The frame of "ok", masked with zeros. */
    private static final byte[] OK = HexFormat.of().parseHex("8182000000006f6b");

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .http("/page", query -> HttpAnswer.text(200, "a page"))
            .writeDeadline(Duration.ofSeconds(2)));

    private Http2Peer peer() throws IOException {
        return peer(NOTHING);
    }

    private Http2Peer peer(byte[] settings) throws IOException {
        return new Http2Peer(target.connect(), settings);
    }

    private interface Making {
        void frames(ByteArrayOutputStream out, int streamId);
    }

    /** Frames on so many new streams. */
    private static byte[] streams(int count, Making making) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            making.frames(all, 2 * i + 1);
        }
        return all.toByteArray();
    }

    private static byte[] times(int count, byte[] frame) {
        return streams(count, (out, stream) -> out.writeBytes(frame));
    }

    private void open(Http2Peer peer, int stream) throws IOException {
        peer.send(HEADERS, END_HEADERS, stream, connect("/echo"));
        assertThat(peer.status(peer.awaitOn(stream, HEADERS, RST_STREAM))).isEqualTo(200);
    }

    private static void assertEchoes(Http2Peer peer, int stream) throws IOException {
        peer.send(DATA, 0, stream, OK);
        assertThat(peer.awaitOn(stream, DATA, RST_STREAM).payload()).asHexString().isEqualTo("81026F6B");
    }

    private void assertReset(byte[] fields) throws IOException {
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, END_HEADERS, 1, fields);
            Http2Peer.Frame reset = peer.awaitOn(1, RST_STREAM, HEADERS);
            assertThat(reset.type()).isEqualTo(RST_STREAM);
            assertThat(reset.error()).isEqualTo(PROTOCOL_ERROR);
            open(peer, 3);
            assertEchoes(peer, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"connect-udp, 501", "WebSocket, 501"})
    @Row("H1")
    void h1AnotherProtocolIs501(String protocol, int status) throws IOException {
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, END_HEADERS, 1, fields(":method", "CONNECT", ":protocol", protocol, ":scheme", "http", ":path", "/echo",
                    ":authority", "localhost", "sec-websocket-version", "13"));
            assertThat(peer.status(peer.awaitOn(1, HEADERS, RST_STREAM))).isEqualTo(status);
            open(peer, 3);
            assertEchoes(peer, 3);
        }
    }

    @Test
    @Row("H1")
    void h1AMalformedConnectIsResetAlone() throws IOException {
        String[] end = {":authority", "localhost", "sec-websocket-version", "13"};
        assertReset(fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", end[0], end[1], end[2], end[3]));
        assertReset(fields(":method", "CONNECT", ":protocol", "websocket", ":path", "/echo", end[0], end[1], end[2], end[3]));
        assertReset(fields(":method", "GET", ":protocol", "websocket", ":scheme", "http", ":path", "/echo", end[0], end[1], end[2], end[3]));
        assertReset(fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/echo",
                end[0], end[1], end[2], end[3], "connection", "upgrade"));
        assertReset(fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/echo",
                end[0], end[1], end[2], end[3], "host", "elsewhere"));
    }

    @Test
    @Load
    @Row("H2")
    void h2ARapidResetEndsTheConnection() throws IOException {
        try (Http2Peer peer = peer()) {
            peer.flood(streams(1000, (out, stream) -> {
                out.writeBytes(frame(HEADERS, END_HEADERS, stream, connect("/echo")));
                out.writeBytes(frame(RST_STREAM, 0, stream, number(CANCEL)));
            }));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    @Load
    @Row("H3")
    void h3ResetsThatThePeerProvokesCountToo() throws IOException {
        try (Http2Peer peer = peer()) {
            peer.flood(streams(1000, (out, stream) -> {
                out.writeBytes(frame(HEADERS, END_HEADERS, stream, connect("/echo")));
                out.writeBytes(frame(WINDOW_UPDATE, 0, stream, number(0)));
            }));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, END_HEADERS | END_STREAM, 1, fields(":method", "GET", ":scheme", "http", ":path", "/page", ":authority", "localhost"));
            peer.awaitOn(1, DATA, RST_STREAM);
            peer.flood(times(1000, frame(DATA, 0, 1, OK)));
            assertThat(peer.goAway()).isNotEqualTo(-1);
        }
    }

    @Test
    @Load
    @Row("H3")
    void h3AnAnswerThatMayNotBeSentEndsTheConnectionInTheEnd() throws IOException {
        try (Http2Peer peer = peer(setting(MAX_HEADER_LIST_SIZE, 1))) {
            peer.flood(streams(1000, (out, stream) -> out.writeBytes(frame(HEADERS, END_HEADERS | END_STREAM, stream,
                    fields(":method", "GET", ":scheme", "http", ":path", "/page", ":authority", "localhost")))));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    @Load
    @Row("H4")
    void h4AHeadWithoutEndEndsTheConnection() throws IOException {
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, 0, 1, fields(":method", "GET"));
            peer.flood(times(10_000, frame(CONTINUATION, 0, 1, NOTHING)));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, 0, 1, fields(":method", "GET"));
            peer.flood(times(200, frame(CONTINUATION, 0, 1, times(100, fields("x", "y".repeat(120))))));
            assertThat(peer.goAway()).isNotEqualTo(-1);
        }
    }

    @Test
    @Load
    @Row("H5")
    void h5OfManyStreamsAHundredAreOpen() throws Exception {
        for (int i = 0; i < Load.SCALE; i++) { // in a long run that does all this ten times, 100,000 of them
            assertAHundredAreOpen();
        }
    }

    private void assertAHundredAreOpen() throws Exception {
        awaitTheBystanderAlone();
        try (Http2Peer peer = peer()) {
            peer.flood(streams(101, (out, stream) -> out.writeBytes(frame(HEADERS, END_HEADERS, stream, connect("/echo")))));
            Http2Peer.Frame refused = peer.await(RST_STREAM);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
            assertEchoes(peer, 1);
            assertThat(target.server().connectionCount()).isEqualTo(101); // with the bystander
            peer.flood(streams(1000, (out, stream) -> out.writeBytes(frame(HEADERS, END_HEADERS, stream + 202, connect("/echo")))));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    private void awaitTheBystanderAlone() throws InterruptedException {
        for (int i = 0; i < 400 && target.server().connectionCount() > 1; i++) {
            Thread.sleep(50);
        }
    }

    @Test
    @Load
    @Row("H6")
    void h6FloodsOfFramesThatCarryNothingEndTheConnection() throws IOException {
        assertCalmed(frame(PING, 0, 0, new byte[8]));
        assertCalmed(frame(SETTINGS, 0, 0, NOTHING));
        assertCalmed(frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 16}));
        assertCalmed(frame(0x5a, 0, 0, NOTHING));
        assertCalmed(frame(0x5a, 0, 77, NOTHING));
        assertCalmed(frame(DATA, 0, 1, NOTHING));
        assertCalmed(frame(GOAWAY, 0, 0, new byte[8]));
    }

    @Test
    @Load
    @Row("H6")
    void h6AcknowledgementsThatNobodyAwaitsAreCountedToo() throws IOException {
        assertCalmed(frame(PING, 1, 0, new byte[8]));
    }

    @Test
    @Load
    @Row("H6")
    void h6AFloodOfResetsOfWhatHasEndedEndsTheConnection() throws IOException {
        try (Http2Peer peer = peer()) {
            open(peer, 1);
            peer.send(RST_STREAM, 0, 1, number(CANCEL));
            peer.flood(times(1000, frame(RST_STREAM, 0, 1, number(CANCEL))));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    @Load
    @Row("H6")
    void h6RoomThatIsGrantedByteByByteEndsTheConnection(int stream) throws IOException {
        try (Http2Peer peer = peer(setting(INITIAL_WINDOW_SIZE, 0))) {
            open(peer, 1);
            open(peer, 3);
            peer.send(RST_STREAM, 0, 3, number(CANCEL)); // a stream that has ended takes no room any more
            ByteArrayOutputStream owed = new ByteArrayOutputStream();
            owed.writeBytes(HexFormat.of().parseHex("82fe3e8000000000"));
            owed.writeBytes(new byte[0x3e80]);
            peer.send(DATA, 0, 1, owed.toByteArray());
            peer.flood(times(20_000, frame(WINDOW_UPDATE, 0, stream, number(1))));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    private void assertCalmed(byte[] frame) throws IOException {
        try (Http2Peer peer = peer()) {
            open(peer, 1);
            peer.flood(times(2000, frame));
            assertThat(peer.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    @Load
    @Row("H6")
    void h6AWindowThatNeverOpensEndsItsStream() throws IOException, InterruptedException {
        try (Http2Peer peer = peer(setting(INITIAL_WINDOW_SIZE, 0))) {
            open(peer, 1);
            peer.send(DATA, 0, 1, OK);
            Http2Peer.Frame reset = peer.await(RST_STREAM);
            assertThat(reset.error()).isEqualTo(CANCEL);
            assertThat(target.ends().poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7fffffffffffffffffffff7f", "3fe1ffff07", "ff80ffff7f"})
    @Row("H7")
    void h7AnAbuseOfHpackIsACompressionError(String block) throws IOException {
        try (Http2Peer peer = peer()) {
            peer.send(HEADERS, END_HEADERS, 1, HexFormat.of().parseHex(block));
            assertThat(peer.goAway()).isEqualTo(COMPRESSION_ERROR);
        }
    }

    /** A server that made use of it would say so first, and this peer's decoder has 4 KiB and takes no more. */
    @Test
    @Row("H7")
    void h7ATableOf16MebibytesIsNotMade() throws IOException {
        try (Http2Peer peer = peer(setting(HEADER_TABLE_SIZE, 16 << 20))) {
            open(peer, 1);
            assertEchoes(peer, 1);
            assertThat(target.server().heldBytes()).isLessThan(100_000);
        }
    }

    @Test
    @Row("H8")
    void h8AStreamThatReadsNothingIsItsOwnAffair() throws Exception {
        try (Http2Peer peer = peer()) {
            open(peer, 1);
            open(peer, 3);
            // Room for the connection, none for stream 1 beyond its 65,535 bytes: the server owes it more, and stops reading there.
            peer.send(WINDOW_UPDATE, 0, 0, number(1 << 20));
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(HexFormat.of().parseHex("82fe3e8000000000"));
            message.writeBytes(new byte[0x3e80]);
            for (int i = 0; i < 8; i++) {
                peer.send(DATA, 0, 1, message.toByteArray());
            }
            for (int i = 0; i < 20; i++) {
                assertEchoes(peer, 3);
            }
            peer.send(RST_STREAM, 0, 1, number(CANCEL));
            assertThat(target.ends().poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
            assertEchoes(peer, 3);
            assertThat(target.ends()).isEmpty();
        }
    }

    @Test
    @Row("H8")
    void h8AStreamThatEndsWithItsCloseIsAnsweredToTheEnd() throws Exception {
        try (Http2Peer peer = peer()) {
            open(peer, 1);
            peer.send(DATA, END_STREAM, 1, HexFormat.of().parseHex("8882000000000fa1"));
            Http2Peer.Frame close = peer.awaitOn(1, DATA, RST_STREAM);
            assertThat(close.payload()).asHexString().isEqualTo("88020FA1");
            Http2Peer.Frame end = peer.awaitOn(1, DATA, RST_STREAM);
            assertThat(end.type()).isEqualTo(DATA);
            assertThat(end.flags()).isEqualTo(END_STREAM);
            assertThat(target.ends().poll(20, TimeUnit.SECONDS).isClean()).isTrue();
        }
    }
}
