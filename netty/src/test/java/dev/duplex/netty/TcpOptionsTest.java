package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.TransportInfo;
import dev.duplex.protocol.Message;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of the operating system, and what it tells. */
class TcpOptionsTest {
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();

    private ServerBuilder server() {
        return WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", Endpoint.conversation(c -> {
            accepted.add(c.connection());
            for (Message message : c) {
                c.send(message);
            }
        }));
    }

    private static URI echo(WebSocketServer server) {
        return URI.create("ws://127.0.0.1:" + server.port() + "/echo");
    }

    @Test
    void keepaliveAndUserTimeoutReachTheSocket() {
        assumeTrue(Epoll.isAvailable(), "epoll is not at hand");
        EpollSocketChannel channel = new EpollSocketChannel();
        try {
            TcpOptions.SYSTEM.applyTo(channel);
            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isFalse();
            new TcpOptions(Duration.ofSeconds(30), Duration.ofSeconds(5), 3, Duration.ofMillis(7500)).applyTo(channel);
            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(30);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(5);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(3);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(7500);
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource(value = IoTransport.class, names = {"BEST", "NIO"})
    void bothEndsTakeThem(IoTransport transport) throws Exception {
        TcpOptions options = TcpOptions.SYSTEM.withKeepAlive(Duration.ofSeconds(30)).withUserTimeout(Duration.ofSeconds(20));
        try (WebSocketServer server = server().transport(transport).tcp(options).start();
                WebSocketClient client = WebSocketClient.builder().transport(transport).tcp(options).build();
                Conversation conversation = client.converse(echo(server))) {
            conversation.send("hi");
            assertThat(conversation.receive(Duration.ofSeconds(20)).text()).isEqualTo("hi");
        }
    }

    @Test
    void timesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> TcpOptions.SYSTEM.withKeepAlive(Duration.ofMillis(5))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TcpOptions.SYSTEM.withUserTimeout(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TcpOptions(Duration.ZERO, Duration.ofSeconds(1), 0, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(value = IoTransport.class, names = {"BEST", "NIO"})
    void serversMayShareAPort(IoTransport transport) {
        try (WebSocketServer first = server().transport(transport).reusePort().start();
                WebSocketServer second = server().transport(transport).reusePort().port(first.port()).start()) {
            assertThat(second.port()).isEqualTo(first.port());
            assertThatThrownBy(() -> server().transport(transport).port(first.port()).start()).isInstanceOf(StartException.class).hasMessageEndingWith(" is in use");
        }
    }

    @Test
    void theSystemTellsOfTheTransportAtBothEnds() throws Exception {
        assumeTrue(Epoll.isAvailable(), "epoll is not at hand");
        try (WebSocketServer server = server().start(); Conversation conversation = WebSocketClient.connect(echo(server))) {
            conversation.send("hi");
            conversation.receive(Duration.ofSeconds(20));
            Connection other = accepted.poll(20, TimeUnit.SECONDS);
            for (Connection end : new Connection[] {conversation.connection(), other}) {
                TransportInfo told = end.transportInfo().orElseThrow();
                assertThat(told.roundTrip()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
                assertThat(told.retransmissions()).isNotNegative();
            }
        }
    }

    @Test
    void whereNothingIsToldNothingIsInvented() throws Exception {
        try (WebSocketServer server = server().transport(IoTransport.NIO).start();
                WebSocketClient client = WebSocketClient.builder().transport(IoTransport.NIO).build();
                Conversation conversation = client.converse(echo(server))) {
            assertThat(conversation.connection().transportInfo()).isEmpty();
        }
    }

    @Test
    void aSocketIsInheritedByTheProcessItWasMeantForAlone() {
        assertThat(InheritedBinding.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "1"), 7)).isPresent();
        assertThat(InheritedBinding.of(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7)).isEmpty();
        assertThat(InheritedBinding.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "0"), 7)).isEmpty();
        assertThat(InheritedBinding.of(Map.of("LISTEN_FDS", "1"), 7)).isEmpty();
        assertThatThrownBy(() -> InheritedBinding.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "2"), 7))
                .isInstanceOf(StartException.class).hasMessage("2 sockets were passed on; a server listens on one");
    }
}
