package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTest {
    private static final IceServers FIXED = new IceServers(List.of(), List.of(), null, Duration.ofHours(1), InstantSource.fixed(Stage.NOW));

    /** printf %s 1800000000:ada | openssl dgst -sha1 -hmac north -binary | base64 */
    @Test
    void thePasswordIsTheHmacOfTheExpiryAndTheUser() {
        TurnCredential credential = TurnSecret.of("north").credential("ada", Instant.ofEpochSecond(1_800_000_000));
        assertThat(credential.username()).isEqualTo("1800000000:ada");
        assertThat(credential.password()).isEqualTo("RgrCQ8LW/vH5U93IENfd8YxpOx0=");
        assertThat(TurnSecret.of("north").credential("", Stage.NOW).username()).isEqualTo("1800000000");
    }

    @Test
    void theSecretIsReadFromAFileAndNeverPrinted(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "north\n");
        TurnSecret secret = TurnSecret.read(file);
        assertThat(secret.credential("ada", Stage.NOW)).isEqualTo(TurnSecret.of("north").credential("ada", Stage.NOW));
        assertThat(secret.toString()).doesNotContain("north");
        assertThat(secret.credential("ada", Stage.NOW).toString()).doesNotContain("RgrCQ8LW/vH5U93IENfd8YxpOx0=");
        assertThatThrownBy(() -> TurnSecret.read(Files.writeString(file, "\n"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnSecret.read(Files.writeString(file, "x".repeat(5000)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noServerIsToldOfUnlessConfigured() {
        assertThat(IceServers.none().now()).isEmpty();
    }

    @Test
    void whoJoinsIsToldOfTheServersWithACredentialThatExpires() {
        IceServers servers = FIXED.withStun("stun:192.0.2.1").withTurn(TurnSecret.of("north"), "turn:turn.example.org:3478?transport=udp", "turns:[::1]:5349");
        Object told = new Stage(RoomLimits.defaults(), servers).connect("tea").say("{\"type\":\"join\",\"name\":\"Ada\"}").hear("joined").get("iceServers");
        TurnCredential expected = TurnSecret.of("north").credential("duplex", Stage.NOW.plusSeconds(3600));
        assertThat(told).isEqualTo(List.of(Map.of("urls", List.of("stun:192.0.2.1")),
                Map.of("urls", List.of("turn:turn.example.org:3478?transport=udp", "turns:[::1]:5349"),
                        "username", expected.username(), "credential", expected.password())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "stun:", "http://x", "stun://x", "stun:x y", "turn:x", "stun:x:123456", "stun:x\n"})
    void whatIsNoStunUrlIsRefused(String url) {
        assertThatThrownBy(() -> Signalling.builder().stun(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "turn:", "stun:x", "turn:x?transport=sctp", "turn:user@x", "turn://x"})
    void whatIsNoTurnUrlIsRefused(String url) {
        assertThatThrownBy(() -> Signalling.builder().turn(TurnSecret.of("s"), url)).isInstanceOf(IllegalArgumentException.class);
    }
}
