package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/signalling.md against the code. */
class SignallingDocsTest {
    private final String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/signalling.md"));

    SignallingDocsTest() throws IOException {}

    @Test
    void theTablesHaveEveryMessageWithItsFieldsAndNoOther() {
        assertThat(rows("## What a peer sends"))
                .containsExactlyElementsOf(Stream.of(ClientType.values()).map(type -> row(type.type(), type.fields())).toList());
        assertThat(rows("## What a peer receives"))
                .containsExactlyElementsOf(Stream.of(ServerType.values()).map(type -> row(type.type(), type.fields())).toList());
    }

    @Test
    void theTableHasEveryErrorWithItsMessageAndNoOther() {
        assertThat(rows("## Errors"))
                .containsExactlyElementsOf(Stream.of(Fault.values()).map(fault -> "`" + fault.code() + "` | " + fault.sentence()).toList());
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        RoomLimits limits = RoomLimits.defaults();
        assertThat(rows("## Limits")).containsExactly(
                "`maxRooms` | " + String.format(Locale.ROOT, "%,d", limits.maxRooms()), "`maxPeers` | " + limits.maxPeers(),
                "`maxMessageBytes` | " + limits.maxMessageBytes() / 1024 + " KiB", "`maxCandidateBytes` | " + limits.maxCandidateBytes() / 1024 + " KiB",
                "`peerBurst` | " + limits.peerBurst(), "`peerPerSecond` | " + limits.peerPerSecond(),
                "`peerBytesPerSecond` | " + limits.peerBytesPerSecond() / 1024 + " KiB",
                "`roomBurst` | " + limits.roomBurst(), "`roomPerSecond` | " + limits.roomPerSecond(),
                "arrivals in a room | " + Room.ARRIVAL_BURST, "arrivals a second | " + Room.ARRIVALS_PER_SECOND,
                "`keptMessages` | " + limits.keptMessages(), "`keptBytes` | " + limits.keptBytes() / 1024 + " KiB",
                "time to join | " + Lobby.JOIN_DEADLINE.toSeconds() + " s");
        assertThat(page).contains("`away` for " + Seat.RESUMABLE.toSeconds() + " s", Seat.LEASE.toSeconds() + " s after its last sign of life",
                "a Ping each " + Lobby.PING_INTERVAL.toMillis() / 1000.0 + " s", "at most " + Json.MAX_DEPTH + " levels",
                "good for " + IceServers.none().lifetime().toHours() + " h", "1 to " + Names.MAX_CODE_POINTS + " characters",
                "more than " + SignalListener.FAULT_BURST + " times");
    }

    private static String row(String type, List<String> fields) {
        return "`" + type + "` | " + fields.stream().map(field -> "`" + field + "`").collect(Collectors.joining(", "));
    }

    /** The first two cells of each row of the table below a heading. */
    private List<String> rows(String heading) {
        String section = page.substring(page.indexOf(heading)).split("\n## ", 3)[0];
        return Pattern.compile("(?m)^\\| (?!type|code|what)([^|]*) \\| ?([^|]*?) ?\\|").matcher(section).results()
                .map(row -> row.group(1) + " | " + row.group(2)).toList();
    }
}
