package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.RequestTarget;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What every request must keep before anyone looks where it wants to go; what fails is answered, and the connection ends. */
final class RequestRules {
    private final Set<String> hosts;

    /** @param hosts the names that this server goes by, in lower case; empty for any */
    RequestRules(Set<String> hosts) {
        this.hosts = hosts;
    }

    /** The answer to a request that breaks a rule. */
    Optional<Reply> refusal(OpeningRequest request) {
        if (!request.version().equals("HTTP/1.1") && !request.version().equals("HTTP/1.0")) {
            return refuse(505, "only HTTP/1.1 is spoken here");
        }
        Headers headers = request.headers();
        List<String> lengths = headers.all("Content-Length");
        boolean isCoded = headers.contains("Transfer-Encoding");
        // RFC 9112 §6.3: whoever sees a length where another sees none can smuggle a request.
        if (isCoded && !lengths.isEmpty() || lengths.size() > 1 || !lengths.isEmpty() && !lengths.getFirst().matches("[0-9]{1,18}")) {
            return refuse(400, "the length of the body is ambiguous");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Optional.of(Reply.text(405, "only GET and HEAD are answered here").with("Allow", "GET, HEAD"));
        }
        if (isCoded || !lengths.isEmpty() && Long.parseLong(lengths.getFirst()) > 0) {
            return refuse(400, "a request has no body here");
        }
        return hostRefusal(request);
    }

    /** RFC 9112 §3.2: exactly one Host, or a proxy and this server could mean different sites. HTTP/1.0 need not have it. */
    private Optional<Reply> hostRefusal(OpeningRequest request) {
        boolean mayLackHost = request.version().equals("HTTP/1.0") && !request.headers().contains("Host");
        Optional<String> host = mayLackHost ? Optional.of("") : RequestTarget.host(request);
        if (host.isEmpty()) {
            return refuse(400, "the header Host must stand once, as host[:port], and agree with the request target");
        }
        return hosts.isEmpty() || hosts.contains(host.get()) ? Optional.empty() : refuse(421, "this host is not served here");
    }

    private static Optional<Reply> refuse(int status, String sentence) {
        return Optional.of(Reply.text(status, sentence));
    }
}
