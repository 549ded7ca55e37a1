package dev.duplex.lab;

import dev.duplex.proxy.ProxyRoute;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What is to be measured.
 *
 * @param ways the carriers, in the order of the report
 * @param directions who sends, one measurement of each carrier for each
 * @param feed the feed; its direction is that of the sweeps
 * @param server {@code http://} or {@code https://} of a {@code duplex serve}
 * @param isSameMachine whether its clock is ours
 * @param network what lies between
 * @param pollInterval how often polling asks
 * @param isInsecure whether every certificate is trusted
 * @param tls what is shown to the server, and whom to trust; empty for nothing, and the system's trust or any
 * @param proxy the proxy to go through, if any
 * @param unixPath the Unix socket to go to instead of the server's host, if any; {@code @name} for an abstract one
 * @param sweepSizes sizes to measure bytes at; none to leave it out
 * @param sweepRates rates to measure latency and processor time at; none to leave it out
 */
public record LabPlan(
        List<Way> ways,
        List<Direction> directions,
        Feed feed,
        URI server,
        boolean isSameMachine,
        Network network,
        Duration pollInterval,
        boolean isInsecure,
        Optional<SSLContext> tls,
        Optional<ProxyRoute> proxy,
        Optional<String> unixPath,
        List<Integer> sweepSizes,
        List<Integer> sweepRates) {

    /** Copies the lists. */
    public LabPlan {
        ways = List.copyOf(ways);
        directions = List.copyOf(directions);
        sweepSizes = List.copyOf(sweepSizes);
        sweepRates = List.copyOf(sweepRates);
        if (pollInterval.toMillis() < 10 || pollInterval.toMillis() > 10_000) {
            throw new IllegalArgumentException("a poll interval is 10 ms to 10 s");
        }
        String scheme = server.getScheme();
        if (server.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("'" + server + "' is not the http:// or https:// address of a duplex serve");
        }
    }

    /** The same straight to the server, with nothing shown to it. */
    public LabPlan(List<Way> ways, List<Direction> directions, Feed feed, URI server, boolean isSameMachine, Network network, Duration pollInterval,
            boolean isInsecure, List<Integer> sweepSizes, List<Integer> sweepRates) {
        this(ways, directions, feed, server, isSameMachine, network, pollInterval, isInsecure, Optional.empty(), Optional.empty(), Optional.empty(), sweepSizes, sweepRates);
    }

    /** The same for a server on this machine. */
    public LabPlan at(URI own) {
        return new LabPlan(ways, directions, feed, own, true, network, pollInterval, isInsecure, tls, proxy, unixPath, sweepSizes, sweepRates);
    }

    boolean isTls() {
        return "https".equals(server.getScheme());
    }

    /** The server's host[:port], as requests ask for it. */
    String authority() {
        return server.getRawAuthority().replaceFirst("^.*@", "");
    }

    int port() {
        return server.getPort() > 0 ? server.getPort() : isTls() ? 443 : 80;
    }

    /** The number of measurements. */
    public int measurements() {
        return ways.size() * (directions.size() + sweepSizes.size() + sweepRates.size());
    }
}
