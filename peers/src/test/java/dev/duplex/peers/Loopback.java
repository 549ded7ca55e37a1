package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A network of one machine: a namespace whose only interface is loopback, where the system lets us have one. */
final class Loopback {
    /** What a scene printed, and what it complained of; without a network of its own, why there is none. */
    record Play(List<String> lines, String complaints) {
        /** For a scene that says that it had no network: the system must have said why. Left out then, but for CI, where all else has run. */
        void mustComplainOfNoNetwork() {
            assertThat(complaints).containsAnyOf("unshare:", "not permitted", "not supported", "Error:", "nft:", "RTNETLINK");
            Assumptions.assumeTrue("true".equals(System.getenv("CI")), "a network namespace is not installed");
        }
    }

    /** Many times what a scene takes, so that only a hang meets it. */
    private static final int MOST_MINUTES = 5;

    private static final List<String> NAMESPACE = List.of("unshare", "--map-root-user", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    private Loopback() {}

    /** The same command in a namespace of its own; as it is where there can be none. */
    static List<String> only(List<String> command) {
        List<String> inside = new ArrayList<>(NAMESPACE);
        inside.add("true");
        if (Programs.run(new ProcessBuilder(inside), "namespace") != 0) {
            return command;
        }
        inside.removeLast();
        inside.addAll(command);
        return inside;
    }

    /** Runs a program of these tests there; it is told by {@code loopback.only} whether there is nothing else. */
    static Play play(Class<?> scene) throws IOException, InterruptedException {
        String name = scene.getSimpleName();
        List<String> program = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), scene.getName());
        List<String> command = new ArrayList<>(only(program));
        boolean isAlone = !command.equals(program);
        if (isAlone) {
            command.add(command.indexOf("-cp"), "-Dloopback.only");
        }
        Process process = new ProcessBuilder(command).redirectError(Programs.log(name)).start();
        process.onExit().copy().orTimeout(MOST_MINUTES, TimeUnit.MINUTES).exceptionally(late -> {
            Programs.end(process);
            return process;
        });
        try {
            List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
            process.waitFor();
            String complaints = Files.readString(Programs.log(name).toPath());
            return new Play(lines, isAlone ? complaints : complaints + Files.readString(Programs.log("namespace").toPath()));
        } finally {
            Programs.end(process);
        }
    }
}
