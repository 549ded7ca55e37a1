package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands that the README shows do what it shows. */
@Timeout(60)
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern CONSOLE = Pattern.compile("^```console\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern PIPE = Pattern.compile("echo (\\S+) \\| \\./duplex (.*)");
    private static final String ADDRESS = "127.0.0.1:8080";

    @Test
    void everyCommandPrintsWhatTheReadmeShows() throws IOException {
        List<String> blocks = CONSOLE.matcher(Files.readString(ROOT.resolve("README.md"))).results().map(found -> found.group(1)).toList();
        assertThat(blocks).hasSize(3);
        for (String block : blocks) {
            String command = block.lines().findFirst().orElseThrow();
            assertThat(command).startsWith("$ ");
            runs(command.substring(2), block.substring(block.indexOf('\n') + 1));
        }
    }

    private static void runs(String command, String shown) throws IOException {
        Matcher pipe = PIPE.matcher(command);
        if (pipe.matches()) {
            try (Served served = Served.with()) {
                String[] args = pipe.group(2).replace(ADDRESS, served.address().getAuthority()).split(" ");
                Ran ran = Ran.duplex(pipe.group(1) + "\n", args);
                assertThat(ran.out()).as(command).isEqualTo(shown);
                assertThat(ran.status()).isZero();
            }
        } else if (command.equals("./duplex serve")) {
            try (Served served = Served.with()) {
                assertThat(shown).isEqualTo("http://" + ADDRESS + "/\n");
                assertThat(served.address().toString()).isEqualTo("http://" + served.address().getAuthority() + "/");
            }
        } else {
            assertThat(Stream.of("./check", "./duplex")).contains(command);
            assertThat(ROOT.resolve(command)).isExecutable();
        }
    }
}
