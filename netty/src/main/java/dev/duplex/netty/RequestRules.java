package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.RequestTarget;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What every request must keep before anyone looks where it wants to go; what fails is answered, and the connection ends. */
final class RequestRules {
    /** What is answered where there is no service. */
    static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Set<String> hosts;

    /** @param hosts the names that this server goes by, in lower case; empty for any */
    RequestRules(Set<String> hosts) {
        this.hosts = hosts;
    }

    /** The answer to a request that keeps every rule of a handshake, but is for another host. */
    Optional<Reply> refusalOfHost(OpeningRequest request, Caller caller) {
        return hostRefusal(request, caller);
    }

    /** The answer to a request that breaks a rule where these methods are known. */
    Optional<Reply> refusal(OpeningRequest request, Caller caller, Set<String> methods) {
        if (!request.isHttp2() && !request.version().equals("HTTP/1.1") && !request.version().equals("HTTP/1.0")) {
            return refuse(505, "only HTTP/1.1 and HTTP/2 are spoken here");
        }
        Headers headers = request.headers();
        List<String> lengths = headers.all("Content-Length");
        boolean isCoded = headers.contains("Transfer-Encoding");
        // RFC 9112 §6.3: whoever sees a length where another sees none can smuggle a request.
        if (isCoded && !lengths.isEmpty() || lengths.size() > 1 || !lengths.isEmpty() && !lengths.getFirst().matches("[0-9]{1,18}")) {
            return refuse(400, "the length of the body is ambiguous");
        }
        if (!methods.contains(request.method())) {
            String known = String.join(", ", new TreeSet<>(methods));
            return Optional.of(Reply.text(405, "only " + known.replaceFirst(", ([^,]*)$", " and $1") + " are answered here").with("Allow", known));
        }
        if (!WITH_BODY.contains(request.method())) {
            return isCoded || !lengths.isEmpty() && Long.parseLong(lengths.getFirst()) > 0
                    ? refuse(400, "a request has no body here") : hostRefusal(request, caller);
        }
        return bodyRefusal(request, isCoded, lengths).or(() -> hostRefusal(request, caller));
    }

    private static Optional<Reply> bodyRefusal(OpeningRequest request, boolean isCoded, List<String> lengths) {
        List<String> codings = request.headers().all("Transfer-Encoding");
        // RFC 9112 §6.1: HTTP/1.0 knows no coding, and whoever does not know chunks sees another end.
        if (isCoded && (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked") || request.version().equals("HTTP/1.0"))) {
            return refuse(400, "a body comes with a length, or in chunks and in nothing else");
        }
        // RFC 9113 §8.1: the end of the stream ends a body, whatever was announced.
        if (!isCoded && lengths.isEmpty() && !request.isHttp2()) {
            return refuse(411, "a body needs its length");
        }
        Optional<String> expected = request.headers().first("Expect");
        return expected.isPresent() && !expected.get().equalsIgnoreCase("100-continue")
                ? refuse(417, "nothing but 100-continue can be expected") : Optional.empty();
    }

    /** RFC 9112 §3.2: exactly one Host, or a proxy and this server could mean different sites. HTTP/1.0 need not have it. */
    private Optional<Reply> hostRefusal(OpeningRequest request, Caller caller) {
        boolean mayLackHost = request.version().equals("HTTP/1.0") && !request.headers().contains("Host");
        Optional<String> host = mayLackHost ? Optional.of("") : RequestTarget.host(request);
        if (host.isEmpty()) {
            return refuse(400, "the header Host must stand once, as host[:port], and agree with the request target");
        }
        return hosts.isEmpty() || hosts.contains(caller.hostName().orElse(host.get())) ? Optional.empty() : refuse(421, "this host is not served here");
    }

    private static Optional<Reply> refuse(int status, String sentence) {
        return Optional.of(Reply.text(status, sentence));
    }
}
