package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixSocketTest {
    private Path path;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws Exception {
        path = Files.createTempDirectory(Path.of("/tmp"), "duplex").resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 1);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        server.close();
        Files.deleteIfExists(path);
        Files.delete(path.getParent());
    }

    @Test
    void aServerThatAcceptsNobodyHoldsNobodyUp() throws Exception {
        List<UnixSocket> waiting = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    waiting.add(UnixSocket.to(path.toString(), Duration.ofMillis(50)));
                }
            }).isExactlyInstanceOf(IOException.class).hasMessageStartingWith("unix:" + path + " cannot be reached: "); // and then, on Linux, what the system says
            assertThat(waiting).isNotEmpty();
        } finally {
            for (UnixSocket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void whoFindsTheQueueFullWaitsUntilItIsNot() throws Exception {
        List<UnixSocket> waiting = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    waiting.add(UnixSocket.to(path.toString(), Duration.ZERO));
                }
            }).isExactlyInstanceOf(IOException.class);
            CompletableFuture<UnixSocket> patient = CompletableFuture.supplyAsync(() -> {
                try {
                    return UnixSocket.to(path.toString(), Duration.ofSeconds(30));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (SocketChannel first = server.accept(); UnixSocket served = patient.get(40, TimeUnit.SECONDS)) {
                assertThat(first.isConnected()).isTrue();
                assertThat(served.isConnected()).isTrue();
            }
        } finally {
            for (UnixSocket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void whoWritesToAPeerThatReadsNothingLearnsThatTheSocketWasClosed() throws Exception {
        UnixSocket socket = UnixSocket.to(path.toString(), Duration.ofMillis(50));
        try (SocketChannel peer = server.accept()) {
            OutputStream out = socket.getOutputStream();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Throwable> end = CompletableFuture.supplyAsync(() -> catchThrowable(() -> {
                while (peer.isOpen()) {
                    out.write(new byte[1 << 16]);
                    begun.countDown();
                }
            }));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            socket.close();
            assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoReadsLearnsThatTheSocketWasClosed() throws Exception {
        for (int millis : new int[] {0, 50_000}) {
            UnixSocket socket = UnixSocket.to(path.toString(), Duration.ofMillis(50));
            try (SocketChannel peer = server.accept()) {
                socket.setSoTimeout(millis);
                CompletableFuture<Throwable> end = CompletableFuture.supplyAsync(() -> catchThrowable(() -> socket.getInputStream().read()));
                socket.close();
                assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
                assertThat(peer.isOpen()).isTrue();
            }
        }
    }

    @Test
    void aReadTimesOut() throws Exception {
        try (UnixSocket socket = UnixSocket.to(path.toString(), Duration.ofMillis(50)); SocketChannel peer = server.accept()) {
            socket.setSoTimeout(20);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(peer.isOpen()).isTrue();
        }
    }
}
