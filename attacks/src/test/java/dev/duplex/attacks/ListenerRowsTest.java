package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group B, as an application meets it: each listener hears of the end once, and one that throws hurts nobody else. */
@Timeout(120)
class ListenerRowsTest {
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(this::with);

    private ServerBuilder with(ServerBuilder builder) {
        return builder
                .endpoint("/closes", opening -> new Told() {
                    @Override
                    public void onMessage(Connection connection, Message message) {
                        connection.close(4000, "enough");
                    }
                })
                .endpoint("/throws/{where}", opening -> new Thrower(opening.variable("where")))
                .endpoint("/talk", Endpoint.conversation(c -> {
                    throw new IllegalStateException("planted" + c.receive());
                }))
                .endpoint("/talk-error", Endpoint.conversation(c -> {
                    throw new StackOverflowError("planted" + c.receive());
                }))
                .endpoint("/broken", opening -> {
                    throw new IllegalStateException("planted");
                });
    }

    /** Tells what it was told last. */
    private class Told implements Listener {
        @Override
        public void onClose(Connection connection, CloseReason reason) {
            told.add("closed " + reason.code());
        }
    }

    private String told() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    @Row("B12")
    void b12AnUnansweredCloseEndsAfterFiveSeconds() throws Exception {
        try (RawSocket raw = target.connect().open("/closes")) {
            raw.say(Frames.masked(0x81, new byte[1]));
            long begun = System.nanoTime();
            assertThat(Frames.read(raw).closeCode()).isEqualTo(4000);
            assertThat(raw.rest()).isEmpty();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isBetween(4_500L, 7_500L);
            assertThat(told()).isEqualTo("closed 1006");
        }
        assertThat(told).isEmpty();
    }

    /** Throws where it is told to. */
    private final class Thrower extends Told {
        private final String where;

        Thrower(String where) {
            this.where = where;
        }

        private void at(String here) {
            if (where.equals(here)) {
                throw new IllegalStateException("planted " + here);
            } else if (where.equals(here + "-error")) {
                throw new StackOverflowError("planted " + here);
            }
        }

        @Override
        public void onOpen(Connection connection) {
            at("open");
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            at("message");
            if (where.startsWith("writable")) {
                while (connection.isWritable()) {
                    connection.send(new byte[1 << 20]);
                }
            } else {
                connection.close(4001, "");
            }
        }

        @Override
        public void onWritable(Connection connection) {
            at("writable");
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            super.onClose(connection, reason);
            at("close");
        }
    }

    @Test
    @Row("B25")
    void b25AListenerThatThrowsHurtsNobodyElse() throws Exception {
        for (String where : List.of("open", "message", "writable", "close")) {
            for (String what : List.of("", "-error")) {
                try (RawSocket raw = target.connect().open("/throws/" + where + what)) {
                    raw.say(Frames.masked(0x81, new byte[1]));
                    int code = where.equals("close") ? 4001 : 1011;
                    Frames.Frame close = Frames.read(raw);
                    while (close.opcode() != 8) {
                        close = Frames.read(raw);
                    }
                    assertThat(close.closeCode()).as(where + what).isEqualTo(code);
                    raw.say(Frames.masked(0x88, close.payload())).close();
                    assertThat(told()).isEqualTo("closed " + code);
                }
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    @Row("B25")
    void b25AConversationThatThrowsIs1011() throws Exception {
        for (String path : List.of("/talk", "/talk-error")) {
            try (RawSocket raw = target.connect().open(path)) {
                assertThat(Frames.read(raw.say(Frames.masked(0x81, new byte[1]))).closeCode()).as(path).isEqualTo(1011);
            }
        }
    }

    @Test
    @Row("B25")
    void b25AnEndpointThatThrowsAnswers500() throws Exception {
        assertThat(target.ask(RawSocket.opening("/broken", ""))).startsWith("HTTP/1.1 500 ").doesNotContain("planted");
    }
}
