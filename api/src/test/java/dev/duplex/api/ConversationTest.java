package dev.duplex.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Message;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConversationTest {
    /** What the reader does in the moment before the connection pauses. */
    private Runnable beforePause = () -> { };
    private boolean isPaused;

    private final Connection connection = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                switch (method.getName()) {
                    case "pause" -> {
                        beforePause.run();
                        isPaused = true;
                    }
                    case "resume" -> isPaused = false;
                    default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
            });

    private final CompletableFuture<Conversation> opened = new CompletableFuture<>();
    private final Listener listener = Conversation.listener(opened, false);

    private void arrive(int messages) {
        for (int i = 0; i < messages; i++) {
            listener.onMessage(connection, Message.text("x"));
        }
    }

    private void receive(int messages) {
        for (int i = 0; i < messages; i++) {
            assertThat(opened.join().receive().text()).isEqualTo("x");
        }
    }

    @Test
    void sixteenUnreadMessagesPauseAndEightLessResume() {
        listener.onOpen(connection);
        arrive(15);
        assertThat(isPaused).isFalse();
        arrive(1);
        assertThat(isPaused).isTrue();
        receive(7);
        assertThat(isPaused).isTrue();
        receive(1);
        assertThat(isPaused).isFalse();
    }

    @Test
    void itHoldsWhatThePageOfLimitsSays() {
        String held = Conversation.HELD_EVENTS + ", or " + Conversation.HELD_BYTES / 1024 + " KiB";
        assertThat(Path.of("").toAbsolutePath().resolveSibling("docs/limits.md")).content().contains("| " + "a conversation's unread messages" + " | " + held + " | ");
    }

    @Test
    void unreadBytesPauseLikeMessages() {
        listener.onOpen(connection);
        listener.onMessage(connection, Message.binary(new byte[64 * 1024]));
        assertThat(isPaused).isTrue();
        assertThat(opened.join().receive().byteLength()).isEqualTo(64 * 1024);
        assertThat(isPaused).isFalse();
    }

    @Test
    void aReaderThatTakesAllWhileThePauseIsComingIsNotLeftWaiting() {
        listener.onOpen(connection);
        beforePause = () -> receive(16);
        arrive(16);
        assertThat(isPaused).isFalse();
    }
}
