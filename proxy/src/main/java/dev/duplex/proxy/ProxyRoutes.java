package dev.duplex.proxy;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The ways of one client through all the proxies that it is told of; may be used by threads at once. */
public final class ProxyRoutes {
    private final Proxies proxies;
    private final Map<Proxy, ProxyRoute> routes = new ConcurrentHashMap<>();

    /** @param proxies which proxy is for which target */
    public ProxyRoutes(Proxies proxies) {
        this.proxies = Objects.requireNonNull(proxies, "proxies");
    }

    /**
     * The way to a target; empty if it is reached directly. May block, as {@link ProxyRoute#to} does.
     *
     * @throws IllegalArgumentException if what was configured is no proxy
     */
    public Optional<ProxyRoute> towards(URI target) {
        return proxies.towards(target).map(proxy -> routes.computeIfAbsent(proxy, ProxyRoute::through));
    }
}
