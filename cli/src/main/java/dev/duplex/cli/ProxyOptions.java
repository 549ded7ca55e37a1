package dev.duplex.cli;

import dev.duplex.api.Opening;
import dev.duplex.netty.ServerBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.Option;

/** The proxies in front of a server. */
final class ProxyOptions {

    @Option(names = "--trust-proxy", paramLabel = "NETWORK", split = ",", splitSynopsisLabel = ",",
            description = "Believe what proxies there tell of the client in Forwarded and X-Forwarded-*: such as 10.0.0.0/8 or ::1; may be repeated.")
    private List<String> networks = List.of();

    @Option(names = "--proxy-protocol", description = "Each connection of these proxies begins with a PROXY header, of version 1 or 2.")
    private boolean proxyProtocol;

    void in(ServerBuilder builder) {
        if (proxyProtocol && networks.isEmpty()) {
            throw Complaint.wrongUse("--proxy-protocol needs --trust-proxy, which says who may tell it");
        }
        try {
            builder.trustedProxies(networks.toArray(String[]::new));
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse("--trust-proxy: " + wrong.getMessage());
        }
        if (proxyProtocol) {
            builder.proxyProtocol();
        }
    }

    /** Who opened a connection, in words. */
    static String client(Opening opening) {
        String address = opening.remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress() : String.valueOf(opening.remoteAddress());
        String shown = opening.peerCertificate().map(certificate -> " as " + certificate.getSubjectX500Principal().getName()).orElse("");
        return "from " + address + (opening.isSecure() ? " over TLS" : "") + shown;
    }
}
