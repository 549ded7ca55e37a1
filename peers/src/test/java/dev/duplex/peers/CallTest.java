package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call in Chromium with made-up pictures, on a network that has nothing but loopback: {@link CallScene} plays it. */
class CallTest {
    /** Many times what it takes, so that only a hang meets it. */
    private static final int MOST_MINUTES = 5;

    private static List<String> played;
    private static String complaints;

    @BeforeAll
    static void play() throws Exception {
        Programs.named("chromium");
        Programs.named("chromedriver");
        List<String> program = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), CallScene.class.getName());
        List<String> command = new ArrayList<>(Loopback.only(program));
        if (!command.equals(program)) {
            command.add(command.indexOf("-cp"), "-Dloopback.only");
        }
        Process scene = new ProcessBuilder(command).redirectError(Programs.log("scene")).start();
        scene.onExit().copy().orTimeout(MOST_MINUTES, TimeUnit.MINUTES).exceptionally(late -> {
            Programs.end(scene);
            return scene;
        });
        try {
            played = scene.inputReader(StandardCharsets.UTF_8).lines().toList();
            scene.waitFor();
        } finally {
            Programs.end(scene);
        }
        complaints = Files.readString(Programs.log("scene").toPath());
    }

    @ParameterizedTest
    @EnumSource
    void itGoesWell(CallScene.Act act) {
        assertThat(played).as(complaints).contains(act.name());
    }
}
