package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.api.Connection;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.OptionalLong;

/** The numbers of a session's bytes: whatever a peer says of them, none is skipped, changed, or kept beyond the window. */
class SessionNumbersFuzzTest {
    private static final String[] SAID = {"at ", "end", "0", "1", "-1", "at 5", "at 999999999999999999", "9223372036854775807", "01", " 1", "+1"};

    /** As the one who keeps what was sent sees it. */
    @FuzzTest(maxDuration = "60s")
    void whatIsKeptIsWhatWasNotAcknowledged(FuzzedDataProvider data) {
        SendBuffer kept = new SendBuffer();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long acknowledged = 0;
        while (data.remainingBytes() > 0) {
            if (data.consumeBoolean()) {
                byte[] more = new byte[Math.min(data.consumeInt(0, 70_000), kept.room())];
                Arrays.fill(more, data.consumeByte());
                kept.add(more);
                all.writeBytes(more);
            } else {
                long number = data.consumeBoolean() ? data.consumeLong() : acknowledged + data.consumeInt(-5, 70_000);
                boolean isMeant = number >= acknowledged && number <= all.size();
                assertThat(kept.acknowledge(number)).isEqualTo(isMeant);
                acknowledged = isMeant ? number : acknowledged;
            }
            assertThat(kept.start()).isEqualTo(acknowledged);
            assertThat(kept.end()).isEqualTo(all.size());
            assertThat(kept.heldBytes()).isBetween((int) (kept.end() - kept.start()), SendBuffer.WINDOW_BYTES);
            int most = data.consumeInt(0, 70_000);
            long from = acknowledged + (kept.end() - acknowledged) / 2;
            assertThat(kept.from(from, most)).isEqualTo(Arrays.copyOfRange(all.toByteArray(), (int) from, (int) Math.min(from + most, all.size())));
        }
    }

    /** As the one whom a WebSocket that carries tells. */
    @FuzzTest(maxDuration = "60s")
    void whatAWebSocketSaysLeadsForwardAlone(FuzzedDataProvider data) {
        Connection connection = (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, given) ->
                method.getReturnType() == boolean.class ? Boolean.FALSE : null);
        Told told = new Told();
        CarryingSocket socket = new CarryingSocket(told, Runnable::run, open -> { });
        socket.onOpen(connection);
        socket.receiveAt(data.consumeLong(0, 1 << 20));
        while (data.remainingBytes() > 0) {
            boolean isText = data.consumeBoolean();
            long before = told.next;
            int ends = told.ends;
            if (isText) {
                String said = data.pickValue(SAID) + (data.consumeBoolean() ? data.consumeLong() : data.consumeString(20));
                socket.onMessage(connection, Message.text(said.replaceAll("[\\ud800-\\udfff]", "?")));
                assertThat(told.next).as("no text brings bytes").isEqualTo(before);
                assertThat(told.ends - ends).isEqualTo(said.equals("end") ? 1 : 0);
            } else {
                socket.onMessage(connection, Message.binary(new byte[data.consumeInt(0, 1000)]));
                assertThat(told.next).isGreaterThanOrEqualTo(before);
            }
            if (told.wanted.isPresent()) {
                assertThat(told.wanted.getAsLong()).isBetween(0L, 999_999_999_999_999_999L);
            }
        }
        socket.onClose(connection, CloseReason.of(1000, ""));
        assertThat(told.gone).isEqualTo(1);
    }

    private static final class Told implements CarryingSocket.User {
        private OptionalLong wanted = OptionalLong.empty();
        private long next;
        private int ends;
        private int gone;

        @Override
        public void wants(CarryingSocket socket, OptionalLong number) {
            wanted = number;
        }

        @Override
        public void ended(CarryingSocket socket) {
            ends++;
        }

        @Override
        public void came(CarryingSocket socket, byte[] bytes, long at) {
            assertThat(at).as("none twice").isGreaterThanOrEqualTo(next);
            next = at + bytes.length;
        }

        @Override
        public void writable(CarryingSocket socket) {
            throw new AssertionError("nobody said so");
        }

        @Override
        public void gone(CarryingSocket socket) {
            gone++;
        }
    }
}
