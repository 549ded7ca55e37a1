package dev.duplex.cli;

import dev.duplex.netty.UnixTarget;
import dev.duplex.proxy.Exempt;
import dev.duplex.proxy.Proxies;
import dev.duplex.proxy.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which proxy a connecting command goes through. */
final class ViaOptions {
    private static final Set<String> VARIABLES = Set.of("ws_proxy", "wss_proxy", "http_proxy", "https_proxy", "all_proxy");

    @Option(names = "--proxy", paramLabel = "PROXY", description = {
        "Go through a proxy, such as",
        "  http://me:password@proxy.example:3128;",
        "  socks5h://, socks5://, socks4a://, socks4:// too;",
        "  none for none. By default what http_proxy,",
        "  https_proxy or all_proxy say, but for the hosts in",
        "  no_proxy."})
    private String proxy;

    @Option(names = "--no-proxy", paramLabel = "HOSTS", description = {
        "Go straight to these, such as",
        "  localhost,example.com,10.0.0.0/8; * is every host."})
    private String exempt;

    @Option(names = "--unix", paramLabel = "PATH", description = "Connect to this Unix socket, whatever host the URL names; @NAME for an abstract one.")
    private String unixPath;

    boolean isGiven() {
        return proxy != null || exempt != null || unixPath != null;
    }

    /**
     * The Unix socket to connect to, and what to ask for there; empty if a URL is to be reached otherwise.
     *
     * @throws Complaint if there can be no such socket
     */
    Optional<UnixTarget> unix(URI url) {
        if (unixPath != null && proxy != null) {
            throw Complaint.wrongUse("--unix and --proxy do not go together");
        }
        if (unixPath != null && unixPath.isEmpty()) {
            throw Complaint.wrongUse("--unix wants the path of a socket");
        }
        if (UnixTarget.isOne(url) && (unixPath != null || proxy != null && !proxy.equals("none"))) {
            throw Complaint.wrongUse("a ws+unix: address goes with neither --unix nor --proxy");
        }
        try {
            return UnixTarget.isOne(url) ? Optional.of(UnixTarget.parse(url)) : Optional.ofNullable(unixPath).map(path -> new UnixTarget(absolute(path), url));
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
    }

    /** The Unix socket of {@code --unix}, as {@link #unix} has it. */
    Optional<String> unixPath() {
        return unix(URI.create("ws://localhost/")).map(UnixTarget::path);
    }

    private static String absolute(String path) {
        return path.startsWith("@") ? path : Path.of(path).toAbsolutePath().toString();
    }

    /**
     * The proxy for a target, if any.
     *
     * @throws Complaint if what was given, or what the environment says, is no proxy
     */
    Optional<Proxy> towards(URI target) {
        return towards(target, System.getenv());
    }

    Optional<Proxy> towards(URI target, Map<String, String> environment) {
        // Whoever uses none need not wait until what can read one is loaded.
        if (unixPath != null || target.getHost() == null || proxy == null && environment.keySet().stream().noneMatch(name -> VARIABLES.contains(name.toLowerCase(Locale.ROOT)))) {
            return Optional.empty();
        }
        try {
            Proxies all = proxy == null ? Proxies.environment(environment) : proxy.equals("none") ? Proxies.none() : Proxies.of(Proxy.parse(proxy));
            return (exempt == null ? all : all.except(Exempt.parse(exempt))).towards(target);
        } catch (IllegalArgumentException e) {
            throw Complaint.wrongUse((proxy == null ? "" : "--proxy: ") + e.getMessage());
        }
    }
}
