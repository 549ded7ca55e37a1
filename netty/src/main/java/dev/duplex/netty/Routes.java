package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.ServerHandshake;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what answers the plain HTTP requests of one connection. */
record Routes(Channel channel, Site site, Pulse pulse) {
    /** A request, and the service that is to answer it. */
    record Served(HttpQuery query, HttpService service) {}

    /** The service for a request; null if it is for a page, or for nothing. */
    Served served(OpeningRequest request, Caller caller, RequestTarget target) {
        Router.Match<HttpService> service = site.services().match(target.path()).orElse(null);
        if (service != null) {
            return new Served(query(request, caller, target, service), service.target());
        }
        Router.Match<Endpoint> endpoint = site.endpoints().match(target.path()).orElse(null);
        return endpoint == null || !isCarried(request, caller, target, endpoint) ? null
                : new Served(query(request, caller, target, endpoint), carried(new TunnelDoor(channel, site, pulse, request, caller, target.path(), endpoint)));
    }

    /** Whether a request to an endpoint is for what carries its connections over plain HTTP. */
    boolean isCarried(OpeningRequest request, Caller caller, RequestTarget target, Router.Match<Endpoint> endpoint) {
        return site.carrier() != null && site.carrier().takes(query(request, caller, target, endpoint));
    }

    /** Whether a WebSocket offers to carry such a connection. */
    boolean isCarrying(ServerHandshake handshake) {
        return site.carrier() != null && site.carrier().subprotocol().filter(handshake.subprotocols()::contains).isPresent();
    }

    /** The listener of a WebSocket that does. */
    CarryingListener carrying(OpeningRequest request, Caller caller, RequestTarget target, Router.Match<Endpoint> endpoint, Carrier carrier,
            List<String> offered) {
        String own = site.carrier().subprotocol().orElseThrow();
        return site.carrier().carry(query(request, caller, target, endpoint),
                new TunnelDoor(channel, site, pulse, request, caller, target.path(), endpoint), carrier,
                offered.stream().filter(name -> !name.equals(own)).toList());
    }

    private HttpService carried(TunnelDoor door) {
        return new HttpService() {
            @Override
            public void serve(HttpExchange exchange) {
                if (door.permitsOrigin()) {
                    site.carrier().serve(exchange, door);
                } else {
                    exchange.answer(HttpAnswer.text(403, "pages of this origin may not connect here\n"));
                }
            }

            @Override
            public Set<String> methods() {
                return site.carrier().methods();
            }

            @Override
            public int maxBodyBytes() {
                return site.carrier().maxBodyBytes();
            }
        };
    }

    /** The page for a request. */
    Reply page(OpeningRequest request, Caller caller, RequestTarget target) {
        Router.Match<Page> page = site.pages().match(target.path()).orElse(null);
        if (page == null || !page.isExact()) {
            // An endpoint that is asked for something else: 426 says what it is.
            Optional<Reply> endpoint = site.endpoints().match(target.path())
                    .flatMap(found -> ServerHandshake.of(request).refusal())
                    .map(Reply::of);
            if (endpoint.isPresent() || page == null) {
                return endpoint.orElseGet(() -> Reply.text(404, "there is nothing here"));
            }
        }
        try {
            return page.target().reply(query(request, caller, target, page), page.rest());
        } catch (RuntimeException | Error e) {
            pulse.failed("route", target.path(), e);
            return Reply.text(500, "something went wrong here");
        }
    }

    private HttpQuery query(OpeningRequest request, Caller caller, RequestTarget target, Router.Match<?> match) {
        return new HttpQuery(target.path(), target.query(), match.variables(), request.headers(), caller.address());
    }
}
