package dev.duplex.proxy;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which proxy a client goes through to a target, if any; asked anew for each connection, on a thread that may block. */
@FunctionalInterface
public interface Proxies {

    /**
     * The proxy for one target.
     *
     * @param target {@code ws} or {@code wss}
     * @throws IllegalArgumentException if what was configured is no proxy
     */
    Optional<Proxy> towards(URI target);

    /** Never one. */
    static Proxies none() {
        return target -> Optional.empty();
    }

    /** Always the same. */
    static Proxies of(Proxy proxy) {
        Optional<Proxy> always = Optional.of(proxy);
        return target -> always;
    }

    /** These, but none for the hosts that are exempt. */
    default Proxies except(Exempt hosts) {
        return target -> hosts.contains(target) ? Optional.empty() : towards(target);
    }

    /**
     * What the JVM was told, by {@link ProxySelector#getDefault}: system properties such as {@code https.proxyHost}, or the desktop's
     * settings with {@code java.net.useSystemProxies}. It is asked for {@code http} for {@code ws}, and {@code https} for {@code wss}.
     */
    static Proxies system() {
        return target -> {
            ProxySelector selector = ProxySelector.getDefault();
            return selector == null ? Optional.empty() : first(selector.select(http(target)));
        };
    }

    /**
     * What the variables of an environment say, as for other commands: {@code ws_proxy} or {@code http_proxy} for {@code ws},
     * {@code wss_proxy} or {@code https_proxy} for {@code wss}, else {@code all_proxy}; {@code no_proxy} names hosts that are exempt.
     *
     * <p>In lower case they win over upper case. HTTP_PROXY does not count in a CGI program, where a request could have set it.
     */
    static Proxies environment(Map<String, String> variables) {
        return new Environment(variables);
    }

    private static URI http(URI target) {
        String text = target.toString();
        return URI.create("http" + text.substring("ws".length()));
    }

    private static Optional<Proxy> first(List<java.net.Proxy> chosen) {
        java.net.Proxy first = chosen.isEmpty() ? java.net.Proxy.NO_PROXY : chosen.getFirst();
        if (!(first.address() instanceof InetSocketAddress address)) {
            return Optional.empty();
        }
        Proxy.Kind kind = first.type() == java.net.Proxy.Type.SOCKS ? Proxy.Kind.SOCKS5H : Proxy.Kind.HTTP;
        return Optional.of(new Proxy(kind, address.getHostString(), address.getPort(), "", ""));
    }
}
