package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.duplex.api.Carrier;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and clients on Unix domain sockets. */
class UnixSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Directly below /tmp: the path of a socket must be short. */
    private Path directory;
    private Path socket;

    @BeforeEach
    void makeRoom() throws Exception {
        directory = Files.createTempDirectory(Path.of("/tmp"), "duplex");
        socket = directory.resolve("s");
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        Files.deleteIfExists(directory.resolve("file"));
        Files.delete(directory);
    }

    /** Says to each who sends a message for which host the request was. */
    private static ServerBuilder server() {
        return WebSocketServer.builder().endpoint("/echo", Endpoint.conversation(c -> {
            for (Message message : c) {
                c.send(c.opening().headers().first("Host").orElse("") + c.opening().query() + " " + message.text());
            }
        }));
    }

    private static String answer(ClientBuilder builder, String uri) throws Exception {
        try (WebSocketClient client = builder.build(); Conversation conversation = client.converse(URI.create(uri))) {
            assertThat(conversation.opening().remoteAddress()).isInstanceOf(UnixDomainSocketAddress.class);
            conversation.send("hi");
            return conversation.receive(PATIENCE).text();
        }
    }

    private static String why(ClientBuilder builder, String uri) {
        try (WebSocketClient client = builder.build()) {
            return catchThrowableOfType(ConnectFailedException.class, () -> client.converse(URI.create(uri))).getMessage();
        }
    }

    @ParameterizedTest
    @EnumSource(value = IoTransport.class, names = {"BEST", "NIO"})
    void aServerAndItsClientsMeetAtAFile(IoTransport transport) throws Exception {
        try (WebSocketServer server = server().unix(socket.toString()).transport(transport).start()) {
            assertThat(server.addresses()).containsExactly("unix:" + socket);
            assertThat(server.port()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
            assertThat(answer(WebSocketClient.builder().transport(transport), "ws+unix:" + socket + ":/echo?a=b")).isEqualTo("localhosta=b hi");
            assertThat(answer(WebSocketClient.builder().transport(transport).unix(socket.toString()), "ws://some.example:81/echo")).isEqualTo("some.example:81 hi");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void theModeIsWhatWasAskedFor() throws Exception {
        try (WebSocketServer server = server().unix(socket.toString(), "rwxrw-r--").start()) {
            assertThat(server.connectionCount()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rwxrw-r--");
        }
        assertThatThrownBy(() -> server().unix(socket.toString(), "0660")).isInstanceOf(IllegalArgumentException.class);
    }

    /** A watcher sees no socket at the path, and none beside it that anyone could reach, before it has its mode. */
    @Test
    void nobodyGetsInBeforeItHasItsMode() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Thread watcher = Thread.ofPlatform().start(() -> {
            while (!isOver.get()) {
                modes(seen);
            }
        });
        for (int i = 0; i < 20; i++) {
            try (WebSocketServer server = server().unix(socket.toString(), "rw-------").eventLoops(1).start()) {
                assertThat(server.addresses()).hasSize(1);
            }
        }
        isOver.set(true);
        watcher.join();
        assertThat(seen).isSubsetOf("s rw-------", ". rwx------");
    }

    /** Each entry that can be looked at, sockets by name and directories as a dot. */
    private void modes(Set<String> seen) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                PosixFileAttributes its = Files.readAttributes(entry, PosixFileAttributes.class);
                seen.add((its.isDirectory() ? "." : entry.getFileName()) + " " + PosixFilePermissions.toString(its.permissions()));
            }
        } catch (IOException goneMeanwhile) {
            return;
        }
    }

    /** No room is left for a directory of its own: it is bound where it is to be. */
    @Test
    void thePathMayBeAsLongAsTheSystemAllows() throws Exception {
        Path longest = directory.resolve("x".repeat(107 - directory.toString().length() - 1));
        try (WebSocketServer server = server().unix(longest.toString()).start()) {
            assertThat(server.addresses()).containsExactly("unix:" + longest);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(longest))).isEqualTo("rw-rw----");
        }
        assertThat(longest).doesNotExist();
    }

    @Test
    void tlsRunsOverIt() throws Exception {
        try (WebSocketServer server = server().unix(socket.toString()).tls(Tls.selfSigned()).start()) {
            assertThat(answer(WebSocketClient.builder().insecure(), "wss+unix:" + socket + ":/echo")).isEqualTo("localhost hi");
            assertThat(server.addresses()).hasSize(1);
        }
    }

    @Test
    void whatAKilledServerLeftIsReplaced() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (WebSocketServer server = server().unix(socket.toString()).start()) {
            assertThat(answer(WebSocketClient.builder(), "ws+unix:" + socket + ":/echo")).isEqualTo("localhost hi");
            assertThat(server.port()).isZero();
        }
    }

    @Test
    void whereSomeoneListensNobodyElseDoes() throws Exception {
        try (WebSocketServer first = server().unix(socket.toString()).start()) {
            assertThatThrownBy(() -> server().unix(socket.toString()).start()).isInstanceOf(StartException.class).hasMessage("unix:" + socket + " is in use");
            assertThat(answer(WebSocketClient.builder(), "ws+unix:" + socket + ":/echo")).isEqualTo("localhost hi");
            assertThat(first.port()).isZero();
        }
    }

    @Test
    void aFileThatIsNoSocketIsNotTouched() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertThatThrownBy(() -> server().unix(file.toString()).start()).isInstanceOf(StartException.class).hasMessage(file + " exists and is no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aPipeIsNoSocketEither() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThatThrownBy(() -> server().unix(pipe.toString()).start()).isInstanceOf(StartException.class).hasMessage(pipe + " exists and is no socket");
        Files.delete(pipe);
    }

    @ParameterizedTest
    @CsvSource({"BEST, ws", "NIO, ws", "BEST, wss"})
    void http2RunsOverItToo(IoTransport transport, String scheme) throws Exception {
        ServerBuilder builder = server().unix(socket.toString()).transport(transport);
        URI echo = URI.create(scheme + "+unix:" + socket + ":/echo");
        try (WebSocketServer server = (scheme.equals("wss") ? builder.tls(Tls.selfSigned()) : builder).start();
                WebSocketClient client = WebSocketClient.builder().http2().insecure().transport(transport).build();
                Conversation one = client.converse(echo); Conversation other = client.converse(echo)) {
            for (Conversation conversation : List.of(one, other)) {
                assertThat(conversation.opening().carrier()).isEqualTo(Carrier.HTTP_2);
                assertThat(conversation.opening().remoteAddress()).isEqualTo(UnixDomainSocketAddress.of(socket));
                conversation.send("hi");
                assertThat(conversation.receive(PATIENCE).text()).isEqualTo("localhost hi");
            }
            assertThat(server.heldBytes()).as("one connection with two streams").isLessThan((scheme.equals("wss") ? 48 << 10 : 0)
                    + MemoryBudget.HTTP2_BYTES + 4L * MemoryBudget.CONNECTION_BYTES);
        }
    }

    @Test
    void http2IsSpokenAtEachSocketByItself() throws Exception {
        String other = directory.resolve("other").toString();
        Endpoint names = Endpoint.conversation(c -> c.send("the other"));
        try (WebSocketServer here = server().unix(socket.toString()).start();
                WebSocketServer there = WebSocketServer.builder().unix(other).endpoint("/echo", names).start();
                WebSocketClient client = WebSocketClient.builder().http2().build()) {
            assertThat(here.addresses()).isNotEqualTo(there.addresses());
            for (int i = 0; i < 2; i++) { // the second time on the connections that are there
                try (Conversation one = client.converse(URI.create("ws+unix:" + socket + ":/echo")); Conversation two = client.converse(URI.create("ws+unix:" + other + ":/echo"))) {
                    one.send("hi");
                    assertThat(one.receive().text()).isEqualTo("localhost hi");
                    assertThat(two.receive().text()).isEqualTo("the other");
                    assertThat(one.opening().carrier()).isEqualTo(Carrier.HTTP_2);
                }
            }
        }
    }

    @Test
    void aPathThatCannotBeIsToldInOneLine() {
        assertThatThrownBy(() -> server().unix(directory + "/no/s").start()).isInstanceOf(StartException.class).message()
                .isEqualTo("unix:" + directory + "/no/s cannot be listened on: No such file or directory");
        assertThatThrownBy(() -> server().unix("/tmp/" + "x".repeat(200)).start()).isInstanceOf(StartException.class)
                .hasMessageStartingWith("the path of a Unix socket has at most 107 bytes: ");
        assertThat(why(WebSocketClient.builder(), "ws+unix:" + socket + ":/echo")).isEqualTo("unix:" + socket + " cannot be reached: No such file or directory");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anAbstractNameHasNoFile() throws Exception {
        String name = "@" + directory.getFileName();
        try (WebSocketServer server = server().unix(name).start()) {
            assertThat(server.addresses()).isEqualTo(List.of("unix:" + name));
            assertThat(answer(WebSocketClient.builder(), "ws+unix:" + name + ":/echo")).isEqualTo("localhost hi");
            assertThatThrownBy(() -> server().unix(name).start()).hasMessage("unix:" + name + " is in use");
        }
        assertThat(why(WebSocketClient.builder(), "ws+unix:" + name + ":/echo")).isEqualTo("unix:" + name + " cannot be reached: Connection refused");
        assertThat(why(WebSocketClient.builder().transport(IoTransport.NIO), "ws+unix:" + name + ":/echo"))
                .isEqualTo("unix:" + name + ": abstract names want Linux's epoll, which is not at hand here");
    }

    @ParameterizedTest
    @CsvSource({
        "ws+unix:/run/a.sock:/b/c?d=e:f, /run/a.sock, ws://localhost/b/c?d=e:f",
        "ws+unix:///run/a.sock:/b,       /run/a.sock, ws://localhost/b",
        "wss+unix:/run/a%20b.sock:?q,    /run/a b.sock, wss://localhost/?q",
        "ws+unix:/run/a+b.sock,          /run/a+b.sock, ws://localhost/",
        "ws+unix:@name:/b,               @name, ws://localhost/b",
    })
    void anAddressHasASocketAndARequest(String uri, String path, URI request) {
        assertThat(UnixTarget.parse(URI.create(uri))).isEqualTo(new UnixTarget(path, request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http+unix:/a:/b", "ws+unix:a:/b", "ws+unix:/:/b", "ws+unix://host/a:/b", "ws+unix:/a%00b:/c", "ws://a/b"})
    void whatIsNoSuchAddressIsRefused(String uri) {
        assertThatThrownBy(() -> UnixTarget.parse(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }
}
