package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;

/** Opens tunnels to one endpoint for one request. */
record TunnelDoor(Channel channel, Site site, Pulse pulse, OpeningRequest request, Caller caller, String path, Router.Match<Endpoint> endpoint)
        implements Door {
    /** Who listens, and who watches; the tap may be null. */
    private record Watched(Audience audience, WireTap tap) {}

    @Override
    public boolean permitsOrigin() {
        return site.origins().permits(caller.asSent(request.headers()), caller.isSecure());
    }

    @Override
    public Tunnel open(Carrier carrier, String query, List<String> offeredSubprotocols, Tunnel.Line line) {
        if (site.isDraining().get()) {
            throw new Rejection(503, Headers.of("Retry-After", "5"), "the server goes down");
        }
        if (site.budget().isShort()) {
            throw new Rejection(503, Headers.of("Retry-After", "5"), "the server is full");
        }
        Optional<String> subprotocol = offeredSubprotocols.stream().filter(endpoint.target().subprotocols()::contains).findFirst();
        Opening opening = new Opening(path, query, endpoint.variables(), request.headers(), offeredSubprotocols, subprotocol,
                caller.address(), carrier, caller.isSecure(), Tls.peerCertificate(channel));
        Watched its = watched(opening);
        site.budget().add(MemoryBudget.CONNECTION_BYTES, 1);
        site.openCount().incrementAndGet();
        site.tunnelCount().incrementAndGet();
        Origin origin = new Origin(Role.SERVER, opening, null, its.tap(), site.budget(), ended -> {
            site.budget().add(MemoryBudget.CONNECTION_BYTES, -1);
            site.openCount().decrementAndGet();
            site.tunnelCount().decrementAndGet();
        });
        return new TunnelChannel(caller.address(), pulse, line).open(pulse.loop(), site.options(), origin, its.audience());
    }

    /** What the application's code has to say to an opening: all of it before anything is counted or kept. */
    private Watched watched(Opening opening) {
        try {
            Audience audience = Audience.of(endpoint.target(), opening);
            WireTap tap = site.wire().apply(opening);
            if (tap != null) {
                tap.opened(request, new OpeningResponse(200, Headers.empty(), ""));
            }
            return new Watched(audience, tap);
        } catch (Rejection rejection) {
            throw rejection;
        } catch (RuntimeException | Error e) {
            pulse.failed("endpoint", path, e);
            throw new Rejection(500, "something went wrong here");
        }
    }
}
