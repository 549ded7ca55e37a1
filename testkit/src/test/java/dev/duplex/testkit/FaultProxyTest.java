package dev.duplex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FaultProxyTest {
    private ServerSocket acceptor;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        acceptor = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.to(acceptor.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        acceptor.close();
        assertThat(proxy.linkCount()).isZero();
    }

    /** Both ends of a connection through the proxy. */
    private record Ends(Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Ends connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket server = acceptor.accept();
        client.setSoTimeout(10_000);
        server.setSoTimeout(10_000);
        return new Ends(client, server);
    }

    private static void write(Socket socket, int... bytes) throws IOException {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        socket.getOutputStream().write(all);
    }

    private static byte[] read(Socket socket, int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(10_000);
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }

    @Test
    void withoutAFaultBothWaysPassAndBothEndsAreTold() throws IOException {
        try (Ends ends = connect()) {
            write(ends.client, 1, 2, 3);
            assertThat(read(ends.server, 3)).containsExactly(1, 2, 3);
            ends.client.shutdownOutput();
            assertThat(ends.server.getInputStream().read()).isEqualTo(-1);
            write(ends.server, 4);
            assertThat(read(ends.client, 1)).containsExactly(4);
            ends.server.shutdownOutput();
            assertThat(ends.client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(proxy.acceptedCount()).isOne();
    }

    @Test
    void muchPassesUnchanged() throws Exception {
        byte[] much = new byte[4 << 20];
        new java.util.Random(1).nextBytes(much);
        proxy.toServer().jitter(Duration.ofNanos(10_000));
        try (Ends ends = connect()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    ends.client.getOutputStream().write(much);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(Arrays.equals(read(ends.server, much.length), much)).isTrue();
            writer.join();
        }
    }

    @Test
    void delayHoldsBytesBackInItsDirectionAlone() throws IOException {
        proxy.toClient().delay(Duration.ofMillis(60));
        try (Ends ends = connect()) {
            long begun = System.nanoTime();
            write(ends.server, 1);
            assertThat(read(ends.client, 1)).containsExactly(1);
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(60_000_000L);
        }
    }

    @Test
    void bytesPassAtTheirRate() throws IOException {
        proxy.toServer().bytesPerSecond(100_000);
        try (Ends ends = connect()) {
            long begun = System.nanoTime();
            ends.client.getOutputStream().write(new byte[20_000]);
            assertThat(read(ends.server, 20_000)).hasSize(20_000);
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(180_000_000L);
        }
    }

    @Test
    void aCutAfterAByteEndsBothWaysInOrder() throws IOException {
        proxy.toServer().after(2, Fault.CUT);
        try (Ends ends = connect()) {
            write(ends.client, 1, 2, 3);
            assertThat(read(ends.server, 3)).containsExactly(1, 2);
            assertThat(ends.client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aCutCountsEachDirectionByItself() throws IOException {
        proxy.toClient().after(2, Fault.CUT);
        try (Ends ends = connect()) {
            write(ends.client, 1, 2, 3);
            assertThat(read(ends.server, 3)).containsExactly(1, 2, 3);
            write(ends.server, 4, 5, 6);
            assertThat(read(ends.client, 3)).containsExactly(4, 5);
        }
    }

    @Test
    void aResetIsSeenOnBothSides() throws IOException {
        proxy.toClient().now(Fault.RESET);
        try (Ends ends = connect()) {
            write(ends.server, 1);
            assertReset(ends.client);
            assertReset(ends.server);
        }
    }

    @Test
    void aResetFromOneSidePassesToTheOther() throws IOException {
        try (Ends ends = connect()) {
            write(ends.client, 1);
            read(ends.server, 1);
            ends.client.setSoLinger(true, 0);
            ends.client.close();
            assertReset(ends.server);
        }
    }

    @Test
    void finOfOneWayLeavesTheOtherOpen() throws IOException {
        proxy.toServer().after(1, Fault.FIN);
        try (Ends ends = connect()) {
            write(ends.client, 1, 2);
            assertThat(read(ends.server, 2)).containsExactly(1);
            write(ends.server, 3);
            assertThat(read(ends.client, 1)).containsExactly(3);
        }
    }

    @Test
    void aHalfOpenConnectionTellsNobody() throws IOException {
        proxy.toServer().after(1, Fault.VANISH);
        try (Ends ends = connect()) {
            write(ends.client, 1, 2);
            ends.client.shutdownOutput();
            assertThat(read(ends.server, 1)).containsExactly(1);
            assertSilent(ends.server);
            write(ends.server, 3);
            assertThat(read(ends.client, 1)).containsExactly(3);
        }
    }

    @Test
    void aStoppedReaderLetsTheSenderFeelItAndCanReadOn() throws Exception {
        proxy.toServer().now(Fault.STOP_READING);
        try (Ends ends = connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    ends.client.getOutputStream().write(new byte[32 << 20]);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertSilent(ends.server);
            assertThat(sender.isAlive()).as("32 MiB fit in no socket's buffers").isTrue();
            proxy.toServer().heal();
            assertThat(read(ends.server, 32 << 20)).hasSize(32 << 20);
            sender.join();
        }
    }

    @Test
    void allConnectionsCanBeEndedAtOnceAndNewOnesCome() throws IOException {
        try (Ends first = connect()) {
            proxy.reset();
            assertReset(first.client);
        }
        try (Ends second = connect()) {
            proxy.cut();
            assertThat(second.client.getInputStream().read()).isEqualTo(-1);
            assertThat(second.server.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(proxy.acceptedCount()).isEqualTo(2);
    }

    @Test
    void aServerThatIsNotThereIsAReset() throws IOException {
        acceptor.close();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            client.setSoTimeout(10_000);
            assertReset(client);
        }
    }
}
