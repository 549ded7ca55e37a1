package dev.duplex.netty;

import static dev.duplex.netty.LimitsPage.assertTold;
import static dev.duplex.netty.LimitsPage.bytes;
import static dev.duplex.netty.LimitsPage.number;
import static dev.duplex.netty.LimitsPage.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Extension;
import dev.duplex.protocol.Limits;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.internal.PlatformDependent;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/limits.md against the code. */
class DefaultsTest {
    private final String page = LimitsPage.text();

    @Test
    void theLimitsOfAnOpeningAreThoseOnThePage() {
        assertTold("request line", bytes(HeadReader.MAX_LINE_BYTES));
        assertTold("one header", bytes(HeadReader.MAX_LINE_BYTES));
        assertTold("all headers", bytes(HeadReader.MAX_HEADER_BYTES));
        assertTold("number of headers", number(HeadReader.MAX_HEADERS));
        List<String> offers = Collections.nCopies(1000, "offer");
        assertTold("extensions looked at", number(Extension.parse(offers).orElseThrow().size()));
        assertTold("body for an `HttpService`", number(HttpService.MAX_BODY_BYTES) + " bytes");
        assertTold("interim answers to a client", number(ClientOpening.MAX_INTERIM_ANSWERS));
        assertTold("`trustedProxies`", TrustedProxies.NONE.networks().isEmpty() ? "none" : "some");
        assertTold("PROXY header", number(ProxyHeader.MAX_BYTES) + " bytes");
        assertTold("TLS", Stream.of(Tls.VERSIONS).map(version -> version.substring("TLSv".length())).sorted().collect(Collectors.joining(" and ")));
        assertTold("ciphers", Tls.CIPHERS.stream().allMatch(name -> name.matches("TLS_(ECDHE_(RSA|ECDSA)_WITH_)?(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA(256|384)"))
                ? "those with forward secrecy and authenticated encryption" : "others too");
        assertTold("`followRedirects`", number(new ClientBuilder().maxRedirects));
    }

    @Test
    void theLimitsOfMessagesAreThoseOnThePage() {
        Limits limits = Limits.defaults();
        assertTold("`maxMessageBytes`", bytes(limits.maxMessageBytes()));
        assertTold("`maxFragments`", number(limits.maxFragments()));
        assertTold("`bytesPerFragment`", number(limits.bytesPerFragment()));
        assertTold("`messageDeadlineNanos`", seconds(Duration.ofNanos(limits.messageDeadlineNanos())));
        assertTold("`minBytesPerSecond`", number(limits.minBytesPerSecond()));
        assertTold("`controlBurst`", number(limits.controlBurst()));
        assertTold("`controlPerSecond`", number(limits.controlPerSecond()));
        assertTold("`messageBurst`", limits.messageBurst() == 0 ? "off" : "on");
        assertTold("deflate's threshold", number(DeflateOptions.defaults().thresholdBytes()) + " bytes");
        assertTold("deflate's context takeover",
                DeflateOptions.defaults().serverContextTakeover() || DeflateOptions.defaults().clientContextTakeover() ? "on" : "off");
    }

    @Test
    void theLimitsOfAConnectionAreThoseOnThePage() {
        ConnectionOptions options = ConnectionOptions.STANDARD;
        assertThat(options.limits()).isEqualTo(Limits.defaults());
        assertTold("`deflate`", options.deflate().isEmpty() ? "off" : "on");
        assertTold("`handshakeDeadline`", seconds(options.handshakeDeadline()));
        assertTold("`outbound`, high mark", bytes(options.highMarkBytes()));
        assertTold("`outbound`, hard mark", bytes(options.hardMarkBytes()));
        assertTold("`writeDeadline`", seconds(options.writeDeadline()));
        assertTold("`pings`, interval", seconds(options.pingInterval()));
        assertTold("`pings`, wait", seconds(options.pingWait()));
        assertTold("`closeWait`", seconds(options.closeWait()));
        assertTold("`Reconnect`, first delay", seconds(Reconnect.standard().first()));
        assertTold("`Reconnect`, longest delay", seconds(Reconnect.standard().most()));
        assertTold("`Reconnect`, settled", seconds(Reconnect.standard().settled()));
    }

    @Test
    void noAddressIsLimited() {
        AddressLimit unset = new AddressLimit(0, 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(unset.admits(InetAddress.getLoopbackAddress(), 0)).isTrue();
        }
        assertTold("`connectionsPerAddress`, open and new in a second", "off");
    }

    @Test
    void theLimitsOfTheServerAreThoseOnThePage() {
        assertTold("drain, at `close()`", seconds(WebSocketServer.DRAIN));
        assertTold("good-byes in a drain", number(Farewell.PER_SECOND) + " a second");
        assertTold("accept backlog", number(WebSocketServer.BACKLOG));
        assertThat(page).contains(": " + Admission.MAX_TOLD_OVER_TLS + " newcomers at a time are let in to be told");
    }

    @Test
    void theMemoryOfAConnectionIsThatOnThePage() {
        assertThat(page)
                .contains("=   " + bytes(MemoryBudget.CONNECTION_BYTES) + "   its objects, and whatever changes by less than "
                        + bytes(MemoryBudget.STEP_BYTES))
                .contains("+  " + bytes(MemoryBudget.TLS_BYTES) + "   with TLS")
                .contains("+  " + bytes(MemoryBudget.HTTP2_BYTES) + "   with HTTP/2,")
                .contains("+   " + MemoryBudget.BYTES_PER_GATHERED_BYTE + " ×     over HTTP/2, what has come of a frame")
                .contains("A share is " + bytes(MemoryBudget.SHARE_BYTES) + ",")
                .contains("for " + seconds(Duration.ofNanos(Footprint.PATIENCE_NANOS)) + " is closed with 1013");
    }

    @Test
    void theLimitsOfHttp2AreThoseOnThePage() {
        String seconds = FrameTally.WINDOW_SECONDS + " s";
        assertTold("streams at a time", number(Http2Builder.MAX_STREAMS));
        assertTold("a stream's window", number(Http2Builder.STREAM_WINDOW_BYTES) + " bytes");
        assertTold("the connection's window", number(Http2Builder.CONNECTION_WINDOW_BYTES) + " bytes");
        assertTold("streams reset, by the peer or because of it", number(FrameTally.MAX_RESETS) + " in " + seconds);
        assertTold("PING, SETTINGS, PRIORITY, GOAWAY, unknown frames, and DATA that is empty", number(FrameTally.MAX_IDLE_FRAMES) + " in " + seconds);
        assertTold("WINDOW_UPDATE frames beside four for each KiB sent", number(FrameTally.MAX_WINDOW_UPDATES) + " in " + seconds);
        assertTold("CONTINUATION frames that are nearly empty", number(Http2Builder.MAX_SMALL_CONTINUATIONS));
        assertTold("empty DATA frames in a row", number(Http2Builder.MAX_EMPTY_DATA));
    }

    /** Whatever the peer allows. */
    @Test
    void theTablesOfHpackAreThoseOnThePage() throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel();
        Http2Side silent = (Http2Side) Proxy.newProxyInstance(Http2Side.class.getClassLoader(), new Class<?>[] {Http2Side.class}, (self, method, arguments) -> null);
        Http2Link link = Http2Builder.ofServer(channel, new Pulse(channel.eventLoop(), System::nanoTime), ConnectionOptions.STANDARD, silent);
        Http2HeadersEncoder.Configuration own = link.encoder().frameWriter().configuration().headersConfiguration();
        own.maxHeaderTableSize(16 << 20);
        assertTold("table of HPACK", bytes(own.maxHeaderTableSize()));
    }

    @Test
    void theMemoryOfTheServerIsThatOnThePage() {
        assertTold("`maxConnections`", "what file descriptors allow");
        assertTold("`memory`", "half of heap or direct memory, of the smaller");
        assertThat(MemoryBudget.standardBytes()).isEqualTo(Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 2);
    }

    @Test
    void aServerWithoutConfigurationRefusesNewcomersAtThreeQuarters() {
        MemoryBudget budget = new MemoryBudget(4000);
        budget.add(3000);
        assertThat(budget.isShort()).isFalse();
        budget.add(1);
        assertThat(budget.isShort()).isTrue();
        assertThat(page).contains("| above 3/4 | newcomers are answered 503");
    }
}
