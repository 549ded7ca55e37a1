package dev.duplex.lab;

import dev.duplex.testkit.FaultProxy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What stands between the clients and the server that are measured: {@code client ► meter ► fault proxy, if any ► server}. */
final class Stand implements AutoCloseable {
    private final LabPlan plan;
    private final HttpClient http;
    private final FaultProxy proxy;
    private final Meter meter;
    private final Dialer dialer;
    private final long clockOffsetNanos;

    Stand(LabPlan plan) throws InterruptedException {
        this.plan = plan;
        http = http(plan);
        ServerFacts.ask(http, plan.server()); // before anything else: is it there, and has it a lab?
        clockOffsetNanos = plan.isSameMachine() ? 0 : ServerFacts.clockOffsetNanos(http, plan.server());
        InetSocketAddress server = new InetSocketAddress(plan.server().getHost(), plan.port());
        proxy = plan.network().isDirect() ? null : faulty(server, plan.network());
        meter = Meter.to(proxy == null ? server : new InetSocketAddress("127.0.0.1", proxy.port()), plan.isTls() ? tls() : null);
        dialer = new Dialer(plan.pollInterval());
    }

    private static HttpClient http(LabPlan plan) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(15));
        plan.tls().ifPresent(builder::sslContext);
        if (plan.tls().isEmpty() && plan.isInsecure()) {
            try {
                SSLContext trusting = SSLContext.getInstance("TLS");
                trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
                builder.sslContext(trusting);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return builder.build();
    }

    private static FaultProxy faulty(InetSocketAddress server, Network network) {
        FaultProxy proxy = FaultProxy.to(server);
        proxy.toServer().delay(network.delay()).loss(network.loss());
        proxy.toClient().delay(network.delay()).loss(network.loss());
        return proxy;
    }

    private Function<ByteBufAllocator, SslHandler> tls() {
        if (plan.tls().isPresent()) {
            return allocator -> handler(plan.tls().get(), allocator, plan.server().getHost(), plan.port(), plan.isInsecure());
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            SslContext context = (plan.isInsecure() ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null) : builder).build();
            return allocator -> context.newHandler(allocator, plan.server().getHost(), plan.port());
        } catch (SSLException e) {
            throw new LabFailedException("no TLS: " + e.getMessage());
        }
    }

    private static SslHandler handler(SSLContext own, ByteBufAllocator allocator, String host, int port, boolean isInsecure) {
        SslContext context = new JdkSslContext(own, true, null, IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, null, false);
        SslHandler handler = context.newHandler(allocator, host, port);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(isInsecure ? null : "HTTPS");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    Dialer dialer() {
        return dialer;
    }

    /** Where clients connect for a feed. */
    URI address(Feed feed) {
        return URI.create("ws://127.0.0.1:" + meter.port() + "/lab/feed?" + feed.toQuery());
    }

    long clockOffsetNanos() {
        return clockOffsetNanos;
    }

    /** Where all counters stand. */
    Reading read() throws InterruptedException {
        return new Reading(meter.counts(), System.nanoTime(), ServerFacts.ownCpu().minus(meter.cpu()), ServerFacts.ask(http, plan.server()).cpuNanos());
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

    @Override
    public void close() {
        dialer.close();
        meter.close();
        if (proxy != null) {
            proxy.close();
        }
        http.close();
    }
}
