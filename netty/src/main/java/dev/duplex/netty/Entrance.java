package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.ServerHandshake;
import dev.duplex.protocol.WireTap;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides who opens a WebSocket on one channel, and with whom it speaks: the same over HTTP/1.1 and HTTP/2.
 *
 * @param carrier what the endpoint is told
 */
record Entrance(Channel channel, Site site, Pulse pulse, Routes routes, Carrier carrier) {
    /** What becomes of a request. */
    sealed interface Verdict {}

    /** The WebSocket is open as soon as the answer is on its way. */
    record Open(Origin origin, Audience audience, OpeningResponse answer) implements Verdict {}

    /** There is none, for the reason that the reply tells. */
    record Refused(Reply reply) implements Verdict {}

    Verdict judge(OpeningRequest request, Caller caller) {
        ServerHandshake handshake = ServerHandshake.of(request);
        Optional<Reply> refusal = handshake.refusal().map(Reply::of).or(() -> site.rules().refusalOfHost(request, caller));
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        RequestTarget target = RequestTarget.parse(request.target()).orElseThrow();
        Router.Match<Endpoint> endpoint = site.endpoints().match(target.path()).orElse(null);
        if (endpoint == null) {
            return refused(404, Headers.empty(), "there is no WebSocket here");
        }
        boolean isCarrying = routes.isCarrying(handshake);
        if (!isCarrying && routes.isCarried(request, caller, target, endpoint)) {
            return refused(400, Headers.empty(), "this address is one of plain HTTP");
        }
        if (!site.origins().permits(caller.asSent(request.headers()), caller.isSecure())) {
            return refused(403, Headers.empty(), "pages of this origin may not connect here");
        }
        return isCarrying ? carry(request, caller, handshake, target, endpoint) : accept(request, caller, handshake, target, endpoint);
    }

    /** A WebSocket for another connection's bytes, which alone counts as one; never compressed, since that one's messages may not be. */
    private Verdict carry(OpeningRequest request, Caller caller, ServerHandshake handshake, RequestTarget target, Router.Match<Endpoint> endpoint) {
        try {
            Listener listener = routes.carrying(request, caller, target, endpoint, carrier, handshake.subprotocols());
            ServerHandshake.Acceptance acceptance =
                    handshake.accept(site.carrier().subprotocol().stream().toList(), Optional.empty(), Headers.empty());
            Opening opening = new Opening(endpoint.path(), target.query(), endpoint.variables(), request.headers(),
                    handshake.subprotocols(), acceptance.subprotocol(), caller.address(), carrier, caller.isSecure());
            return new Open(new Origin(Role.SERVER, opening, null, null, site.budget(), ended -> {}), Audience.of(listener), acceptance.response());
        } catch (Rejection rejection) {
            return refused(rejection.status(), rejection.headers(), rejection.body());
        } catch (RuntimeException | Error e) {
            pulse.failed("carrier", target.path(), e);
            return refused(500, Headers.empty(), "something went wrong here");
        }
    }

    private Verdict accept(OpeningRequest request, Caller caller, ServerHandshake handshake, RequestTarget target, Router.Match<Endpoint> endpoint) {
        try {
            ServerHandshake.Acceptance acceptance =
                    handshake.accept(endpoint.target().subprotocols(), site.options().deflate(), Headers.empty());
            Opening opening = new Opening(endpoint.path(), target.query(), endpoint.variables(), request.headers(),
                    handshake.subprotocols(), acceptance.subprotocol(), caller.address(), carrier, caller.isSecure(), Tls.peerCertificate(channel));
            Audience audience = Audience.of(endpoint.target(), opening);
            WireTap tap = site.wire().apply(opening);
            if (tap != null) {
                tap.opened(request, acceptance.response());
            }
            PerMessageDeflate deflate = acceptance.deflate()
                    .map(agreed -> PerMessageDeflate.of(Role.SERVER, agreed, site.options().deflate().orElseThrow()))
                    .orElse(null);
            AtomicInteger openCount = site.openCount();
            Origin origin = new Origin(Role.SERVER, opening, deflate, tap, site.budget(), ended -> openCount.decrementAndGet());
            openCount.incrementAndGet();
            return new Open(origin, audience, acceptance.response());
        } catch (Rejection rejection) {
            return refused(rejection.status(), rejection.headers(), rejection.body());
        } catch (RuntimeException | Error e) {
            pulse.failed("endpoint", target.path(), e);
            return refused(500, Headers.empty(), "something went wrong here");
        }
    }

    private static Refused refused(int status, Headers headers, String body) {
        return new Refused(Reply.of(ServerHandshake.refuse(status, headers, body)));
    }
}
