package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader that stops must stop its sender through TCP, however much is to be sent: both ends in JVMs with a 64 MiB heap. */
@Tag("slow")
class BackpressureTest {

    @ParameterizedTest
    @CsvSource({"ws, server", "ws, client", "wss, server", "h2, server"})
    void aGibibyteToAStoppedReaderNeedsNoMemory(String scheme, String sender) throws Exception {
        Process reader = null;
        Process server = jvm(GibibyteEnds.Server.class, scheme, sender);
        try {
            String port = firstLine(server);
            reader = jvm(GibibyteEnds.Client.class, scheme, sender, port);
            assertThat(reader.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(output(reader)).isEqualTo("all arrived\n");
            assertThat(reader.exitValue()).isZero();
            server.getOutputStream().close();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
            if (reader != null) {
                reader.destroyForcibly();
            }
        }
    }

    private static Process jvm(Class<?> main, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String firstLine(Process process) throws IOException {
        return process.inputReader(StandardCharsets.UTF_8).readLine();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
