package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class StateTest {

    @Test
    void docsClosingIsWhatTheTableSays() throws IOException {
        PrintedDocument.assertUpToDate("closing.md", page(), StateTest.class);
    }

    @Test
    void noStateLeadsBack() {
        for (State state : State.values()) {
            for (State.Cause cause : State.Cause.values()) {
                assertThat(state.after(cause)).isGreaterThanOrEqualTo(state);
            }
        }
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # How a connection closes

                Printed from the table in `State` by `StateTest`; RFC 6455 §7 is the source.

                ```mermaid
                stateDiagram-v2
                    [*] --> OPEN
                """);
        for (State state : State.values()) {
            for (State.Cause cause : State.Cause.values()) {
                if (state.after(cause) != state) {
                    page.append("    %s --> %s: %s\n".formatted(state, state.after(cause), cause.words));
                }
            }
        }
        page.append("    CLOSED --> [*]\n```\n\n| state | meaning |");
        for (State.Cause cause : State.Cause.values()) {
            page.append(' ').append(cause.words).append(" |");
        }
        page.append("\n|---|---|").append("---|".repeat(State.Cause.values().length)).append('\n');
        for (State state : State.values()) {
            page.append("| ").append(state).append(" | ").append(state.words).append(" |");
            for (State.Cause cause : State.Cause.values()) {
                State next = state.after(cause);
                page.append(' ').append(next == state ? "–" : next).append(" |");
            }
            page.append('\n');
        }
        return page.append("""

                ## What the application is told

                | what happened | code | who | clean |
                |---|---|---|---|
                | the peer's Close came and was answered | the peer's, 1005 if it had none | PEER | yes |
                | our Close was sent and the peer's came | the peer's, 1005 if it had none | LOCAL | yes |
                | the peer broke a rule | ours, and it was sent unless a Close had been | LOCAL | no |
                | FIN or RST, and no Close came | 1006 | TRANSPORT, or LOCAL after our Close | no |

                ## What the carrier does

                - **ENDING, server, or either end after a violation:** write what is left, end the output (FIN, after close_notify with TLS),
                  read and drop what still comes for a moment, then close. A socket closed with unread bytes sends RST, and that would
                  kill our Close frame on its way.
                - **ENDING, client after a clean handshake:** wait for the server's FIN, so that the server does not keep TIME_WAIT
                  (RFC 6455 §7.1.1); the close timer ends it otherwise.
                - **CLOSE_SENT:** wait for the peer's Close until the close timer.
                """).toString();
    }
}
