package dev.duplex.peers;

import static dev.duplex.protocol.WireTap.Direction.IN;
import static dev.duplex.protocol.WireTap.Direction.OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.CloseReason.Initiator;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Our client and servers of other makers understand each other. */
class ForeignServerTest {
    private static final int MEBIBYTE = 1 << 20;

    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private Peer server;

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageComesBack(ForeignServer which) throws Exception {
        try (Conversation conversation = open(which, "/echo", false)) {
            echoes(conversation, Message.text("Grüße, 世界 🙂, \u0000 and \u2028"));
            echoes(conversation, Message.binary(new byte[] {0, 1, 127, (byte) 128, (byte) 255}));
            echoes(conversation, Message.text(""));
            echoes(conversation, Message.binary(new byte[0]));
            byte[] noise = new byte[MEBIBYTE];
            new Random(1).nextBytes(noise);
            echoes(conversation, Message.binary(noise));
            echoes(conversation, Message.text("ü".repeat(MEBIBYTE / 2)));
        }
        serverSawTheEnd(1000, "");
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsFromUsBecomeOneMessage(ForeignServer which) throws Exception {
        try (Conversation conversation = open(which, "/echo", false)) {
            conversation.send(Part.text("Grü", false));
            conversation.send(Part.text("", false));
            conversation.send(Part.text("ße", true));
            assertThat(conversation.receive(Peer.PATIENCE)).isEqualTo(Message.text("Grüße"));
            assertThat(frames).anyMatch(frame -> frame.isFragment(OUT));
        }
        serverSawTheEnd(1000, "");
    }

    /** Bun's server sends no fragments. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BUN")
    void fragmentsFromTheServerBecomeOneMessage(ForeignServer which) throws Exception {
        try (Conversation conversation = open(which, "/fragments", false)) {
            echoes(conversation, Message.text("ü🙂".repeat(1000)));
            echoes(conversation, Message.binary(new byte[10_000]));
            assertThat(frames).anyMatch(frame -> frame.isFragment(IN));
        }
        serverSawTheEnd(1000, "");
    }

    @ParameterizedTest
    @EnumSource
    void compressedMessagesComeBack(ForeignServer which) throws Exception {
        try (Conversation conversation = open(which, "/echo", true)) {
            echoes(conversation, Message.text("to and fro ".repeat(1000)));
            echoes(conversation, Message.binary(new byte[MEBIBYTE]));
            echoes(conversation, Message.text(""));
            assertThat(frames).anyMatch(frame -> frame.isCompressed(OUT)).anyMatch(frame -> frame.isCompressed(IN));
        }
        serverSawTheEnd(1000, "");
    }

    @ParameterizedTest
    @EnumSource
    void weCloseWithOurOwnCode(ForeignServer which) throws Exception {
        Conversation conversation = open(which, "/echo", false);
        conversation.close(4001, "enough");
        assertThat(conversation.closeReason()).satisfies(reason -> {
            assertThat(reason.initiator()).isEqualTo(Initiator.LOCAL);
            assertThat(reason.code()).isEqualTo(4001);
            assertThat(reason.isClean()).isTrue();
        });
        serverSawTheEnd(4001, "enough");
    }

    @ParameterizedTest
    @EnumSource
    void theServerClosesWithItsOwnCode(ForeignServer which) throws Exception {
        Conversation conversation = open(which, "/close", false);
        conversation.send("close, please");
        ClosedException end = catchThrowableOfType(ClosedException.class, () -> conversation.receive(Peer.PATIENCE));
        assertThat(end.reason()).isEqualTo(new CloseReason(4002, "go away", Initiator.PEER, true));
        assertThat(server.event()).containsEntry("on", "close").containsEntry("code", 4002);
    }

    private Conversation open(ForeignServer which, String path, boolean compress) {
        server = which.start();
        Object port = server.event().get("port");
        var builder = WebSocketClient.builder().wire(opening -> Frame.into(frames));
        if (compress) {
            builder.deflate(DeflateOptions.defaults().withThresholdBytes(0));
        }
        Conversation conversation = builder.build().converse(URI.create("ws://127.0.0.1:" + port + path));
        assertThat(server.event()).containsEntry("on", "open");
        return conversation;
    }

    private static void echoes(Conversation conversation, Message message) throws Exception {
        conversation.send(message);
        assertThat(conversation.receive(Peer.PATIENCE)).isEqualTo(message);
    }

    private void serverSawTheEnd(int code, String reason) {
        assertThat(server.event()).isEqualTo(Map.of("on", "close", "code", code, "reason", reason));
    }
}
