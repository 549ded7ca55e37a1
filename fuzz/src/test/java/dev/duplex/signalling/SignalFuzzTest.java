package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.Message;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Any text as a message of a room: a signal that reads the same when written again, or a refusal that says nothing of it. */
class SignalFuzzTest {
    private static final SignalReader READER = new SignalReader("room", RoomLimits.defaults());

    @FuzzTest(maxDuration = "60s")
    void aTextIsASignalOrRefusedWithoutAnEcho(byte[] utf8) throws Refusal {
        String text = new String(utf8, java.nio.charset.StandardCharsets.UTF_8);
        Signal signal;
        try {
            signal = READER.read(Message.text(text));
        } catch (Refusal refusal) {
            Map<String, Object> told = Json.read(refusal.json());
            assertThat(told).containsEntry("type", "error").containsEntry("code", refusal.fault().code()).containsEntry("message", refusal.fault().sentence());
            assertThat(told.keySet()).isSubsetOf("type", "code", "message", "about");
            assertThat(told.getOrDefault("about", "join")).isIn("join", "resume", "offer", "answer", "candidate", "ping", "leave");
            return;
        }
        assertThat(READER.read(Message.text(written(signal)))).isEqualTo(signal);
        if (signal instanceof Signal.Relayed relayed) {
            assertThat(relayed.to()).isEqualTo(Names.canonical(relayed.to()));
            String json = relayed.json("ann");
            assertThat(json).as("one line, whatever is in it").doesNotContainPattern("[\\x00-\\x1f]").hasSizeLessThan(6 * text.length() + 200);
            Map<String, Object> told = Json.read(json);
            assertThat(new TreeSet<>(told.keySet())).isEqualTo(new TreeSet<>(Set.of("type", "from", relayed.field())));
            assertThat(told).containsEntry("from", "ann").containsEntry(relayed.field(), relayed.value());
        } else if (signal instanceof Signal.Join join) {
            assertThat(join.name()).isEqualTo(Names.canonical(join.name())).isEqualTo(join.name().strip()).doesNotContainPattern("\\p{Cntrl}");
        }
    }

    /** As a client would say it. */
    private static String written(Signal signal) {
        Json json = Json.of(ServerType.ERROR).with("room", "room");
        return (switch (signal) {
            case Signal.Join(String name, String token) -> json.with("type", "join").with("name", name).with("token", token);
            case Signal.Resume(String token) -> json.with("type", "resume").with("token", token);
            case Signal.Ping() -> json.with("type", "ping");
            case Signal.Leave() -> json.with("type", "leave");
            case Signal.Relayed(ClientType type, String to, String field, Object value) ->
                    json.with("type", type.name().toLowerCase(Locale.ROOT)).with("to", to).with(field, value);
        }).toString();
    }
}
