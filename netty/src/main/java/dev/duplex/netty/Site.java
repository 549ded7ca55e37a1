package dev.duplex.netty;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.protocol.WireTap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What one server offers, and how much of it is in use; shared by its event loops.
 *
 * @param isDraining whether the server goes down, and 503 is the answer to everything
 * @param openCount the connections that are open
 * @param tunnelCount those among them that requests carry
 * @param carrier what carries connections over plain HTTP; null if nothing does
 * @param proxies whose word on the client counts
 * @param admission who is let in
 * @param budget what all connections hold together
 */
record Site(
        ConnectionOptions options,
        Router<Endpoint> endpoints,
        Router<Page> pages,
        Router<HttpService> services,
        HttpCarrier carrier,
        RequestRules rules,
        OriginPolicy origins,
        Function<Opening, WireTap> wire,
        boolean isSecure,
        AtomicBoolean isDraining,
        AtomicInteger openCount,
        AtomicInteger tunnelCount,
        TrustedProxies proxies,
        Admission admission,
        MemoryBudget budget) {}
