package dev.duplex.cli;

import dev.duplex.signalling.Signalling;
import dev.duplex.signalling.SignallingBuilder;
import dev.duplex.signalling.TurnSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which STUN and TURN servers a call may use; none unless named. */
final class IceOptions {
    @Option(names = "--stun", paramLabel = "URL",
            description = "Let calls ask this STUN server for their address, as stun:host:3478; may be repeated.")
    private List<String> stun = List.of();

    @Option(names = "--turn", paramLabel = "URL",
            description = "Let calls be relayed by this TURN server, as turn:host:3478?transport=udp; may be repeated.")
    private List<String> turn = List.of();

    @Option(names = "--turn-secret-file", paramLabel = "FILE",
            description = "The secret that the TURN server shares (coturn's static-auth-secret), to make credentials that expire.")
    private Path secretFile;

    /**
     * The rooms of the calls.
     *
     * @throws Complaint if something is missing, or the file cannot be read
     */
    Signalling signalling() {
        if (turn.isEmpty() != (secretFile == null)) {
            throw Complaint.wrongUse("--turn and --turn-secret-file go together");
        }
        SignallingBuilder builder = Signalling.builder();
        try {
            stun.forEach(builder::stun);
            if (secretFile != null) {
                builder.turn(TurnSecret.read(secretFile), turn.toArray(String[]::new));
            }
        } catch (IOException e) {
            throw Complaint.wrongUse("--turn-secret-file " + secretFile + " cannot be read");
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
        return builder.build();
    }
}
