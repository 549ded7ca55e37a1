package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The commands on Unix sockets. */
class UnixSocketCommandsTest {
    private Path directory;
    private String socket;

    @BeforeEach
    void makeRoom() throws Exception {
        directory = Files.createTempDirectory(Path.of("/tmp"), "duplex");
        socket = directory.resolve("s").toString();
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        Files.delete(directory);
    }

    @Test
    void aServerAndItsClientsMeetAtAFile() throws Exception {
        try (Served served = Served.with("--unix", socket, "--unix-mode", "0600", "--compress", "--compress-threshold", "0")) {
            assertThat(served.address()).hasToString("unix:" + socket);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(socket)))).isEqualTo("rw-------");
            assertThat(Ran.duplex("hi\n", "connect", "ws+unix:" + socket + ":/echo").out()).isEqualTo("hi\n");
            assertThat(Ran.duplex("hi\n", "connect", "--unix", socket, "ws://any.example/echo").out()).isEqualTo("hi\n");
            mustPass("bench", "--warm-up", "0s", "--duration", "3s", "--connections", "3", "ws+unix:" + socket + ":/echo");
            mustPass("bench", "--warm-up", "0s", "--duration", "3s", "--unix", socket, "ws://any.example/echo");
            mustPass("check", "--only", "1.*,2.*,7.1.*,7.5.1", "ws+unix:" + socket + ":/echo");
            mustPass("check", "--http2", "--only", "1.1.*,7.1.1", "ws+unix:" + socket + ":/echo");
            mustPass("check", "--only", "1.1.*", "--unix", socket, "ws://any.example/echo");
            assertThat(Ran.duplex("hi\n", "connect", "--http2", "ws+unix:" + socket + ":/echo").out()).isEqualTo("hi\n");
            mustPass("bench", "--http2", "--warm-up", "0s", "--duration", "3s", "--connections", "3", "ws+unix:" + socket + ":/echo");
            mustPass("lab", "--direction", "push", "--rate", "20", "--duration", "200ms", "--poll-interval", "100ms", "--unix", socket);
            mustPass("lab", "--direction", "push", "--rate", "20", "--duration", "200ms", "--carrier", "sse,websocket-h2", "--delay", "10ms", "--unix", socket);
            Ran second = Ran.duplex("", "serve", "--unix", socket);
            assertThat(second.status()).isEqualTo(2);
            assertThat(second.err()).isEqualTo("duplex: unix:" + socket + " is in use\n");
            assertThat(served.stop()).isZero();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void everyCommandKnowsAbstractNames() throws Exception {
        String name = "@duplex-" + UUID.randomUUID();
        try (Served served = Served.with("--unix", name)) {
            assertThat(Ran.duplex("hi\n", "connect", "ws+unix:" + name + ":/echo").out()).isEqualTo("hi\n");
            mustPass("bench", "--warm-up", "0s", "--duration", "3s", "--unix", name, "ws://any.example/echo");
            mustPass("check", "--only", "1.1.*,2.1,7.1.*,7.5.1", "--unix", name, "ws://any.example/echo");
            mustPass("lab", "--direction", "push", "--rate", "20", "--duration", "200ms", "--carrier", "sse,websocket", "--unix", name);
            assertThat(served.stop()).isZero();
        }
        mustComplain(1, "duplex: nobody answers at ws+unix:" + name + ":/echo: unix:" + name + " cannot be reached: Connection refused\n",
                "check", "ws+unix:" + name + ":/echo");
    }

    @Test
    void wrongUseIsToldInOneLine() {
        mustComplain(2, "duplex: --unix and --proxy do not go together\n", "connect", "--unix", socket, "--proxy", "http://p", "ws://any.example/");
        mustComplain(2, "duplex: --unix wants a path, and --unix-mode three octal digits, such as 660\n", "serve", "--unix", socket, "--unix-mode", "rw");
        mustComplain(2, "duplex: the path of a Unix socket begins with / or @: 'relative'\n", "connect", "ws+unix:relative:/echo");
        mustComplain(1, "duplex: no connection could be opened: No such file or directory\n", "bench", "ws+unix:" + socket + ":/echo");
        Ran lab = Ran.duplex("", "lab", "--unix", socket);
        assertThat(lab.err()).endsWith("duplex: http://localhost/ cannot be reached: No such file or directory\n");
        assertThat(lab.status()).isEqualTo(1);
        mustComplain(1, "duplex: nobody answers at ws+unix:" + socket + ":/echo: unix:" + socket + " cannot be reached: No such file or directory\n",
                "check", "ws+unix:" + socket + ":/echo");
        mustComplain(1, "duplex: unix:" + socket + " cannot be reached: No such file or directory\n", "connect", "ws+unix:" + socket + ":/echo");
    }

    @Test
    void tlsRunsOverIt() throws Exception {
        try (Served served = Served.with("--unix", socket, "--tls-self-signed")) {
            assertThat(served.address()).hasToString("unix:" + socket);
            assertThat(Ran.duplex("hi\n", "connect", "--insecure", "wss+unix:" + socket + ":/echo").out()).isEqualTo("hi\n");
            mustPass("bench", "--insecure", "--warm-up", "0s", "--duration", "3s", "wss+unix:" + socket + ":/echo");
            mustPass("check", "--insecure", "--only", "1.1.*,7.1.1", "wss+unix:" + socket + ":/echo");
        }
    }

    private static void mustPass(String... args) {
        Ran ran = Ran.duplex("", args);
        assertThat(ran.status()).as(ran.out() + ran.err()).isZero();
    }

    private static void mustComplain(int status, String complaint, String... args) {
        Ran ran = Ran.duplex("", args);
        assertThat(ran.err()).isEqualTo(complaint);
        assertThat(ran.status()).isEqualTo(status);
    }
}
