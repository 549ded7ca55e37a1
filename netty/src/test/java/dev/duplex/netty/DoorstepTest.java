package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways into a server over plain TCP: with a channel, or straight on the socket, nobody outside can tell the difference. */
class DoorstepTest {
    private static final String ECHOED = "81 02 6869";
    private static final String ASKED = "81 82 00000000 6869";

    private final LinkedBlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    private ServerBuilder builder(IoTransport transport) {
        return WebSocketServer.builder().host("127.0.0.1").port(0).transport(transport)
                .endpoint("/echo", opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        opened.add(connection);
                    }

                    @Override
                    public void onMessage(Connection connection, Message message) {
                        if (message.equals(Message.text("stop"))) {
                            connection.pause();
                        }
                        connection.send(message);
                    }

                    @Override
                    public void onClose(Connection connection, CloseReason reason) {
                        ends.add(reason);
                    }
                })
                .endpoint("/undecided", opening -> new Listener() {
                    @Override
                    public boolean wantsParts() {
                        throw new IllegalStateException("planted");
                    }
                });
    }

    private RawSocket connect(IoTransport transport) throws IOException {
        server = server != null ? server : builder(transport).start();
        return new RawSocket(server.port());
    }

    @AfterEach
    void nobodyIsLeft() {
        if (server != null) {
            server.close(Duration.ofSeconds(5));
            assertThat(server.connectionCount()).isZero();
            assertThat(server.heldBytes()).isZero();
        }
    }

    private static String said(String hex) {
        return hex.replace(" ", "");
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aListenerThatThrowsBeforeItsConnectionIsOpenHasOpenedNone(IoTransport transport) throws Exception {
        try (RawSocket peer = connect(transport).say(RawSocket.opening("/undecided", ""))) {
            assertThat(peer.head()).startsWith("HTTP/1.1 500 ").doesNotContain("planted");
            assertThat(server.connectionCount()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aHeadIsAnsweredAlikeHoweverItIsCut(IoTransport transport) throws Exception {
        String asked = RawSocket.opening("/echo", "");
        String whole;
        try (RawSocket peer = connect(transport).say(asked)) {
            whole = peer.head();
        }
        for (int cut : new int[] {1, 4, 20, asked.length() - 1}) {
            try (RawSocket peer = connect(transport).say(asked.substring(0, cut))) {
                TimeUnit.MILLISECONDS.sleep(20); // so that it comes alone
                peer.say(asked.substring(cut)).sayHex(ASKED);
                assertThat(peer.head()).isEqualTo(whole);
                assertThat(peer.hex(4)).isEqualTo(said(ECHOED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void framesRightBehindTheHeadAreRead(IoTransport transport) throws Exception {
        byte[] head = RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII);
        byte[] frames = HexFormat.of().parseHex(said(ASKED + ASKED + "88 82 00000000 03e8"));
        byte[] all = java.util.Arrays.copyOf(head, head.length + frames.length);
        System.arraycopy(frames, 0, all, head.length, frames.length);
        try (RawSocket peer = connect(transport).say(all)) {
            assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
            assertThat(HexFormat.of().formatHex(peer.rest())).isEqualTo(said(ECHOED + ECHOED + "88 02 03e8"));
        }
        assertThat(ends.poll(10, TimeUnit.SECONDS).code()).isEqualTo(1000);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whoeverIsRefusedIsTold(IoTransport transport) throws Exception {
        for (String[] refused : new String[][] {
                {RawSocket.opening("/nowhere", ""), "404"},
                {RawSocket.opening("/echo", "Origin: http://elsewhere.example\r\n"), "403"},
                {RawSocket.opening("/echo", "").replace("Version: 13", "Version: 12"), "426"},
                {RawSocket.opening("/echo", "").replace("GET ", "POST "), "405"},
                {"GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", "426"},
                {"what is this?\r\n", "400"}}) {
            try (RawSocket peer = connect(transport).say(refused[0])) {
                assertThat(peer.head()).startsWith("HTTP/1.1 " + refused[1] + " ");
            }
        }
        assertThat(opened).isEmpty();
    }

    /** What a paused connection has not read stays its own, though others are read meanwhile. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whatIsLeftAtAPauseIsReadLater(IoTransport transport) throws Exception {
        try (RawSocket paused = connect(transport).open("/echo"); RawSocket other = connect(transport).open("/echo");
                RawSocket third = connect(transport).open("/echo")) {
            paused.sayHex("81 84 00000000 73746f70" + ASKED + "81 83 01020304 606060");
            assertThat(paused.hex(6)).isEqualTo("810473746f70");
            for (RawSocket neighbour : new RawSocket[] {other, third}) { // one of them has the same loop
                neighbour.sayHex("81 8a 00000000 7a7a7a7a7a7a7a7a7a7a");
                assertThat(neighbour.hex(12)).isEqualTo("810a7a7a7a7a7a7a7a7a7a7a");
            }
            opened.poll(10, TimeUnit.SECONDS).resume();
            assertThat(paused.hex(9)).isEqualTo(said(ECHOED) + "8103616263");
        }
    }

    /** Prepared messages may leave without a copy, others wait for each other: their order stays. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whatIsSentAtOneMomentKeepsItsOrder(IoTransport transport) throws Exception {
        try (RawSocket peer = connect(transport).open("/echo")) {
            Connection connection = opened.poll(10, TimeUnit.SECONDS);
            PreparedMessage b = PreparedMessage.of(Message.text("b"));
            for (int i = 0; i < 3; i++) {
                connection.owner().execute(() -> {
                    connection.send(PreparedMessage.of(Message.text("a")));
                    connection.send(b);
                    connection.send(Message.text("c"));
                    connection.send(b);
                });
                assertThat(peer.hex(12)).isEqualTo("810161" + "810162" + "810163" + "810162");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whoReadsLateGetsEveryByte(IoTransport transport) throws Exception {
        byte[] large = new byte[6 * 1024 * 1024];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + i / 997);
        }
        try (RawSocket peer = connect(transport).open("/echo")) {
            Connection connection = opened.poll(10, TimeUnit.SECONDS);
            var first = connection.send(Message.binary(large)).toCompletableFuture();
            assertThat(peer.hex(10)).isEqualTo("827f0000000000600000");
            assertThat(peer.socket().getInputStream().readNBytes(large.length)).isEqualTo(large);
            first.get(10, TimeUnit.SECONDS);
            connection.send(Message.text("hi"));
            assertThat(peer.hex(4)).isEqualTo(said(ECHOED));
        }
    }

    /** An endpoint that sends whenever it may, and whose peer is suddenly gone, holds up nobody else on its loop. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whoSendsAllItMayEndsWithItsPeer(IoTransport transport) throws Exception {
        server = builder(transport).endpoint("/pump", opening -> new Listener() {
            @Override
            public void onOpen(Connection connection) {
                opened.add(connection);
                onWritable(connection);
            }

            @Override
            public void onWritable(Connection connection) {
                while (connection.isWritable()) {
                    connection.send(new byte[8 * 1024]);
                }
            }

            @Override
            public void onClose(Connection connection, CloseReason reason) {
                ends.add(reason);
            }
        }).start();
        try (RawSocket other = connect(transport).open("/echo"); RawSocket third = connect(transport).open("/echo")) {
            for (int i = 0; i < 4; i++) {
                RawSocket greedy = connect(transport).open("/pump");
                greedy.socket().setSoLinger(true, 0);
                greedy.close(); // RST
                assertThat(ends.poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
            }
            for (RawSocket neighbour : new RawSocket[] {other, third}) {
                assertThat(neighbour.sayHex(ASKED).hex(4)).isEqualTo(said(ECHOED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whoSaysNothingIsLeftAfterTheDeadline(IoTransport transport) throws Exception {
        server = builder(transport).handshakeDeadline(Duration.ofMillis(300)).start();
        try (RawSocket peer = connect(transport)) {
            assertThat(peer.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whoSaysNothingDoesNotHoldUpADrain(IoTransport transport) throws Exception {
        try (RawSocket silent = connect(transport); RawSocket known = connect(transport).open("/echo")) {
            known.sayHex(ASKED);
            assertThat(known.hex(4)).isEqualTo(said(ECHOED));
            long begin = System.nanoTime();
            Thread drain = Thread.ofVirtual().start(server::close);
            assertThat(known.hex(2)).startsWith("88");
            known.sayHex("88 82 00000000 03e9");
            drain.join(Duration.ofSeconds(20));
            assertThat(drain.isAlive()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            assertThat(silent.rest()).isEmpty();
        }
    }
}
