package dev.duplex.fallback;

import static dev.duplex.netty.LimitsPage.assertTold;
import static dev.duplex.netty.LimitsPage.bytes;
import static dev.duplex.netty.LimitsPage.number;
import static dev.duplex.netty.LimitsPage.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.netty.HttpService;
import dev.duplex.protocol.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/limits.md, its section on plain HTTP, against the code. */
class DefaultsTest {
    @Test
    void aSessionHasWhatThePageSays() {
        assertTold("bytes sent and not acknowledged", bytes(SendBuffer.WINDOW_BYTES));
        assertTold("bytes received and not yet read", bytes(Session.MAX_WAITING_BYTES));
        assertTold("a POST", number(HttpService.MAX_BODY_BYTES) + " bytes, " + seconds(Duration.ofNanos(Limits.defaults().messageDeadlineNanos())));
        assertTold("a request held", seconds(Session.MOST_HELD));
        assertTold("without any request", seconds(Fallback.IDLE));
        assertTold("bytes of a WebSocket that carries a session, on their way to its thread", bytes(CarryingSocket.MOST_PENDING_BYTES));
        assertTold("a WebSocket that opens for a session and says nothing", seconds(Session.LINGER));
        assertTold("at a client, nothing at all comes through, or nothing of what is sent", seconds(LadderClient.Terms.STANDARD.patience()));
        assertTold("at a client, bytes of a WebSocket that carries a session, not yet read", bytes(Climb.MOST_WAITING_BYTES));
        assertTold("the same number again, over a WebSocket that carries a session",
                CarryingSocket.MOST_QUESTIONS + " in " + seconds(Duration.ofNanos(CarryingSocket.QUESTIONS_NANOS)));
        assertTold("the end, to be fetched", seconds(Session.LINGER));
    }

    @Test
    void engineIoHasWhatThePageSays() {
        assertThat(EngineSession.MAX_PAYLOAD_BYTES).isEqualTo(HttpService.MAX_BODY_BYTES);
        assertThat(EngineSession.LINGER).isEqualTo(Session.LINGER);
        assertTold("Engine.IO: packets in a POST", number(EnginePackets.MAX_PACKETS) + " | and one more for each " + EnginePackets.BYTES_PER_PACKET
                + " bytes, as with fragments: each costs as much as a message");
        assertTold("Engine.IO: from one ping to the next, and for its answer", seconds(EngineIo.PING_INTERVAL) + ", " + seconds(EngineIo.PING_TIMEOUT));
        assertTold("Engine.IO: a probe without end", seconds(EngineSession.PROBE_PATIENCE));
    }

    @Test
    void thereAreAsManySessionsAsThePageSays() {
        int least = SessionIds.mostSessions(0);
        int most = SessionIds.mostSessions(Long.MAX_VALUE);
        assertThat(SessionIds.mostSessions(5000L * 64 * 1024)).isEqualTo(5000);
        assertTold("sessions that requests carry", "one for each 64 KiB of heap; from " + number(least) + " to " + number(most));
    }
}
