package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.ServerHandshake;
import dev.duplex.protocol.WireTap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 on a connection of a server, until a WebSocket takes the connection over.
 *
 * <p>One request at a time: while its answer has not left, nothing more is read, so that pipelined requests wait in the
 * peer's memory and not here.
 */
final class Http1Upgrade extends ChannelInboundHandlerAdapter implements Pulse.Member {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    private final Channel channel;
    private final Site site;
    private final Pulse pulse;
    private final ReplyWriter writer;
    private final Ending ending;
    private final WriteWatch writeWatch;

    private HeadReader reader = HeadReader.ofRequest();
    private ByteBuf input;
    private long waitingSinceNanos;
    private boolean isAnswering;
    private boolean isReading;
    private boolean hasInputEnded;
    private int slot = -1;

    Http1Upgrade(Channel channel, Site site, Pulse pulse) {
        this.channel = channel;
        this.site = site;
        this.pulse = pulse;
        writer = new ReplyWriter(channel);
        ending = new Ending(channel, pulse, site.options().closeWait());
        writeWatch = new WriteWatch(channel, site.options().writeDeadline());
        waitingSinceNanos = pulse.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        pulse.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        pulse.remove(this);
        if (input != null) {
            input.release();
            input = null;
        }
    }

    // Reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (ending.hasBegun()) {
            ending.drop(read);
            return;
        }
        input = input == null ? read : Unpooled.wrappedBuffer(input, read);
        readRequests();
    }

    private void readRequests() {
        if (isReading) {
            return; // an answer has left at once: the loop below goes on
        }
        isReading = true;
        while (input != null && !isAnswering && !ending.hasBegun()) {
            switch (reader.read(input)) {
                case REFUSED -> answer(Reply.text(reader.status(), reader.fault()), true, true);
                case COMPLETE -> respond();
                case INCOMPLETE -> { }
            }
            if (input != null && (!input.isReadable() || ending.hasBegun())) {
                input.release();
                input = null;
            }
        }
        isReading = false;
        if (isAnswering) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            hasInputEnded = true;
            ending.inputEnded();
            if (!isAnswering) {
                ending.begin();
            }
        }
    }

    /** A peer can break a connection in many ways, a TLS handshake too; none of them is worth a stack trace. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", channel, cause.toString());
        channel.close();
    }

    // Answering

    private void respond() {
        OpeningRequest request = reader.request();
        reader = HeadReader.ofRequest();
        if (site.isDraining().get()) {
            answer(Reply.text(503, "the server goes down").with("Retry-After", "5"), true, true);
        } else if (ServerHandshake.isUpgrade(request)) {
            openWebSocket(request);
        } else {
            answerPlain(request);
        }
    }

    private void answerPlain(OpeningRequest request) {
        Optional<Reply> refusal = site.rules().refusal(request);
        boolean hasBody = !request.method().equals("HEAD");
        if (refusal.isPresent()) {
            answer(refusal.get(), true, hasBody);
            return;
        }
        Reply reply = RequestTarget.parse(request.target())
                .map(target -> find(request, target))
                .orElseGet(() -> Reply.text(400, "a malformed or ambiguous path"));
        // A proxy that saw an Upgrade may believe in a tunnel: the connection must not carry a second request.
        boolean isLast = request.version().equals("HTTP/1.0")
                || request.headers().contains("Upgrade")
                || reply.status() == 400
                || String.join(",", request.headers().all("Connection")).toLowerCase(Locale.ROOT).contains("close");
        answer(reply, isLast, hasBody);
    }

    private Reply find(OpeningRequest request, RequestTarget target) {
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
            return page.target().reply(new HttpQuery(target.path(), target.query(), page.variables(), request.headers(),
                    channel.remoteAddress()), page.rest());
        } catch (RuntimeException | Error e) {
            LOG.error("the route at {} failed", Failures.shown(target.path()), e);
            return Reply.text(500, "something went wrong here");
        }
    }

    private void answer(Reply reply, boolean isLast, boolean hasBody) {
        isAnswering = true;
        boolean endsAfter = isLast || hasInputEnded || reply.headers().contains("Connection");
        writer.write(reply, endsAfter, hasBody, () -> answered(endsAfter || hasInputEnded));
    }

    private void answered(boolean isLast) {
        isAnswering = false;
        waitingSinceNanos = pulse.nanoTime();
        if (isLast) {
            ending.begin();
        } else if (channel.isActive()) {
            channel.config().setAutoRead(true);
            readRequests();
        }
    }

    // Upgrading

    /** Too many are connected already: said at once, before anything is read. */
    void refuseFull() {
        answer(Reply.text(503, "too many connections").with("Retry-After", "5"), true, true);
    }

    private void openWebSocket(OpeningRequest request) {
        ServerHandshake handshake = ServerHandshake.of(request);
        Optional<Reply> refusal = handshake.refusal().map(Reply::of).or(() -> site.rules().refusal(request));
        if (refusal.isPresent()) {
            answer(refusal.get(), true, !request.method().equals("HEAD"));
            return;
        }
        RequestTarget target = RequestTarget.parse(request.target()).orElseThrow();
        Router.Match<Endpoint> endpoint = site.endpoints().match(target.path()).orElse(null);
        if (endpoint == null) {
            refuse(404, Headers.empty(), "there is no WebSocket here");
        } else if (!site.origins().permits(request.headers(), site.isSecure())) {
            refuse(403, Headers.empty(), "pages of this origin may not connect here");
        } else {
            accept(request, handshake, target, endpoint);
        }
    }

    private void accept(OpeningRequest request, ServerHandshake handshake, RequestTarget target, Router.Match<Endpoint> endpoint) {
        try {
            ServerHandshake.Acceptance acceptance =
                    handshake.accept(endpoint.target().subprotocols(), site.options().deflate(), Headers.empty());
            Opening opening = new Opening(target.path(), target.query(), endpoint.variables(), request.headers(),
                    handshake.subprotocols(), acceptance.subprotocol(), channel.remoteAddress(), Carrier.HTTP_1_1, site.isSecure());
            Listener listener = Objects.requireNonNull(endpoint.target().open(opening), "the endpoint gave no listener");
            WireTap tap = site.wire().apply(opening);
            if (tap != null) {
                tap.opened(request, acceptance.response());
            }
            PerMessageDeflate deflate = acceptance.deflate()
                    .map(agreed -> PerMessageDeflate.of(Role.SERVER, agreed, site.options().deflate().orElseThrow()))
                    .orElse(null);
            install(new Origin(Role.SERVER, opening, deflate, tap, ended -> site.openCount().decrementAndGet()), listener,
                    Http.head(101, acceptance.response().headers()));
        } catch (Rejection rejection) {
            refuse(rejection.status(), rejection.headers(), rejection.body());
        } catch (RuntimeException | Error e) {
            LOG.error("the endpoint at {} failed", Failures.shown(target.path()), e);
            refuse(500, Headers.empty(), "something went wrong here");
        }
    }

    private void refuse(int status, Headers headers, String body) {
        answer(Reply.of(ServerHandshake.refuse(status, headers, body)), true, true);
    }

    /** What came behind the request are frames already. */
    private void install(Origin origin, Listener listener, byte[] head) {
        NettyCarrier carrier = new NettyCarrier(channel, site.options(), pulse, origin, listener);
        ByteBuf early = input;
        input = null;
        site.openCount().incrementAndGet();
        channel.pipeline().replace(this, "websocket", carrier);
        carrier.open(head, early);
    }

    // Deadlines

    @Override
    public void beat(long now) {
        ending.beat(now);
        if (writeWatch.isStuck(now)) {
            channel.close();
        } else if (!isAnswering && !ending.hasBegun() && now - waitingSinceNanos >= site.options().handshakeDeadline().toNanos()) {
            expire();
        }
    }

    /** Whoever has begun to speak is told; a silent one is not. */
    private void expire() {
        if (reader.hasBegun()) {
            answer(Reply.text(408, "the request took too long"), true, true);
        } else {
            channel.close();
        }
    }

    @Override
    public void drain() {
        if (!isAnswering && !reader.hasBegun()) {
            ending.begin();
        }
    }

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int newSlot) {
        slot = newSlot;
    }
}
