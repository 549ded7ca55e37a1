package dev.duplex.lab;

import dev.duplex.testkit.FaultProxy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * What stands between the clients and the server that are measured.
 *
 * <pre>
 *   client ► meter ► fault proxy, if any ► way through a proxy or to a Unix socket, if any ► server
 * </pre>
 */
final class Stand implements AutoCloseable {
    private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2);

    private final LabPlan plan;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Meter> relays = new ArrayList<>();
    private final Bridge bridge;
    private final Meter questions;
    private final FaultProxy proxy;
    private final Meter meter;
    private final Meter meterOfHttp2;
    private final Dialer dialer;
    private final long clockOffsetNanos;

    Stand(LabPlan plan) throws InterruptedException {
        this.plan = plan;
        bridge = plan.proxy().map(route -> new Bridge(route, plan.server().getHost(), plan.port())).orElse(null);
        boolean isReady = false;
        try {
            SocketAddress server = plan.unixPath().isPresent() ? Meter.unix(plan.unixPath().get())
                    : bridge != null ? bridge.address() : new InetSocketAddress(plan.server().getHost(), plan.port());
            questions = relay(server, ApplicationProtocolConfig.DISABLED);
            ask(); // before anything else: is it there, and has it a lab?
            clockOffsetNanos = plan.isSameMachine() ? 0 : ServerFacts.clockOffsetNanos(this::ask);
            proxy = plan.network().isDirect() ? null : faulty(server instanceof InetSocketAddress tcp ? tcp : added(Meter.to(server, null, null)).address(), plan.network());
            SocketAddress measured = proxy == null ? server : new InetSocketAddress("127.0.0.1", proxy.port());
            meter = relay(measured, ApplicationProtocolConfig.DISABLED);
            meterOfHttp2 = plan.isTls() ? relay(measured, HTTP_2) : meter;
            dialer = new Dialer(plan.pollInterval(), meterOfHttp2.address());
            isReady = true;
        } finally {
            if (!isReady) {
                close();
            }
        }
    }

    /** One that asks for the server by its name, and over TLS if the server speaks it. */
    private Meter relay(SocketAddress to, ApplicationProtocolConfig protocols) {
        return added(Meter.to(to, plan.authority(), plan.isTls() ? tls(protocols) : null));
    }

    private Meter added(Meter relay) {
        relays.add(relay);
        return relay;
    }

    private ServerFacts ask() throws InterruptedException {
        return ServerFacts.ask(http, URI.create("http://127.0.0.1:" + questions.address().getPort()), plan.server(), this::failure);
    }

    private String failure() {
        return bridge != null && !bridge.failure().isEmpty() ? bridge.failure() : questions.failure();
    }

    private static FaultProxy faulty(InetSocketAddress server, Network network) {
        FaultProxy proxy = FaultProxy.to(server);
        proxy.toServer().delay(network.delay()).loss(network.loss());
        proxy.toClient().delay(network.delay()).loss(network.loss());
        return proxy;
    }

    private Function<ByteBufAllocator, SslHandler> tls(ApplicationProtocolConfig protocols) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().applicationProtocolConfig(protocols);
            SslContext context = plan.tls().isPresent()
                    ? new JdkSslContext(plan.tls().get(), true, null, IdentityCipherSuiteFilter.INSTANCE, protocols, ClientAuth.NONE, null, false)
                    : (plan.isInsecure() ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null) : builder).build();
            return allocator -> handler(context, allocator);
        } catch (SSLException e) {
            throw new LabFailedException("no TLS: " + e.getMessage());
        }
    }

    private SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, plan.server().getHost(), plan.port());
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(plan.isInsecure() ? null : "HTTPS");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    Dialer dialer() {
        return dialer;
    }

    /** Where clients connect for a feed: over HTTP/1.1 to the relay, which puts the server's name into each request. */
    URI address(Way way, Feed feed) {
        String where = way == Way.WEBSOCKET_H2 ? (plan.isTls() ? "wss://" : "ws://") + plan.authority() : "ws://127.0.0.1:" + meter.address().getPort();
        return URI.create(where + "/lab/feed?" + feed.toQuery());
    }

    long clockOffsetNanos() {
        return clockOffsetNanos;
    }

    /** Where all counters stand. */
    Reading read() throws InterruptedException {
        Counts counts = meterOfHttp2 == meter ? meter.counts() : meter.counts().plus(meterOfHttp2.counts());
        return new Reading(counts, System.nanoTime(), ServerFacts.ownCpu().minus(relayingCpu()), ask().cpuNanos());
    }

    private Duration relayingCpu() {
        Duration sum = bridge == null ? Duration.ZERO : bridge.cpu();
        for (Meter relay : relays) {
            sum = sum.plus(relay.cpu());
        }
        return sum;
    }

    /** The longest that the last message may take after it was due. */
    Duration grace() {
        return Duration.ofSeconds(15).plus(plan.pollInterval().multipliedBy(2)).plus(plan.network().delay().multipliedBy(10));
    }

    /**
     * All counters at one moment.
     *
     * @param serverCpuNanos negative where the server does not tell
     */
    record Reading(Counts counts, long nanos, Duration clientCpu, long serverCpuNanos) {}

    /** Closes what there is, of one that failed in its making too. */
    @Override
    public void close() {
        if (dialer != null) {
            dialer.close();
        }
        relays.forEach(Meter::close);
        if (bridge != null) {
            bridge.close();
        }
        http.close();
        if (proxy != null) {
            proxy.close();
        }
    }
}
