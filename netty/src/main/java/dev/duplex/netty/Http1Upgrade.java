package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.ServerHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP/1.1 on a connection of a server, until a WebSocket takes the connection over.
 *
 * <p>One request at a time: while its answer has not left, nothing more is read, so that pipelined requests wait in the
 * peer's memory and not here.
 */
final class Http1Upgrade extends ChannelInboundHandlerAdapter implements Pulse.Member, WayBack {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A request that a service will serve once its body has come. */
    private record Due(OpeningRequest request, Caller caller, HttpQuery query, HttpService service, BodyReader body) {}

    private final Channel channel;
    private final ChannelWire wire;
    private final Site site;
    private final Pulse pulse;
    private final Routes routes;
    private final ReplyWriter writer;
    private final Ending ending;
    private final WriteWatch writeWatch;
    private final Footprint footprint;

    /** What may wait behind a request whose answer takes its time; then nothing more is read. */
    private static final int MAX_WAITING_BYTES = 16 * 1024;

    private HeadReader reader = HeadReader.ofRequest();
    private Due due;
    private HttpExchange exchange;
    private final Unread input;
    private long waitingSinceNanos;
    private boolean isAnswering;
    /** Whether the connection goes on without this channel. */
    private boolean isLeaving;
    private boolean isReading;
    private boolean hasInputEnded;
    private int place = Pulse.NOWHERE;

    /** @param sinceNanos when the peer came, which must have sent a request within the deadline */
    Http1Upgrade(Channel channel, Site site, Pulse pulse, long sinceNanos) {
        this.channel = channel;
        wire = new ChannelWire(channel);
        input = new Unread(channel);
        this.site = site;
        this.pulse = pulse;
        routes = new Routes(channel, site, pulse);
        writer = new ReplyWriter(channel, (status, headers) -> Unpooled.wrappedBuffer(Http.head(status, headers)));
        ending = new Ending(wire, pulse, site.options().closeWait());
        writeWatch = new WriteWatch(wire, site.options().writeDeadline());
        footprint = new Footprint(site.budget());
        waitingSinceNanos = sinceNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        place = pulse.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        place = pulse.remove(place);
        footprint.end();
        input.drop();
    }

    // Reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (ending.hasBegun()) {
            ending.drop(read);
            return;
        }
        input.add(read);
        readRequests();
        if (input.size() > MAX_WAITING_BYTES) {
            channel.config().setAutoRead(false);
        }
    }

    private void readRequests() {
        if (isReading) {
            return; // an answer has left at once: the loop below goes on
        }
        isReading = true;
        while (input.bytes() != null && !isAnswering && !ending.hasBegun()) {
            readOn();
            if (input.size() == 0 || ending.hasBegun()) {
                input.drop();
            }
        }
        isReading = false;
        if (footprint.become(heldBytes()) && exchange == null && !isLeaving) {
            due = null;
            answer(Reply.text(503, "the server is short of memory").with("Retry-After", "5"), true, true);
        }
        if (isAnswering && exchange == null) {
            channel.config().setAutoRead(false);
        }
    }

    /** What has come of a request, what its service still holds, and what came behind it. */
    private long heldBytes() {
        return reader.heldBytes() + (due == null ? 0 : due.body().heldBytes()) + (exchange == null ? 0 : exchange.body().length)
                + input.size();
    }

    private void readOn() {
        if (due != null) {
            readBody();
            return;
        }
        switch (reader.read(input.bytes())) {
            case REFUSED -> answer(Reply.text(reader.status(), reader.fault()), true, true);
            case COMPLETE -> respond();
            case INCOMPLETE -> { }
        }
    }

    private void readBody() {
        switch (due.body().read(input.bytes())) {
            case REFUSED -> {
                Reply refusal = Reply.text(due.body().status(), due.body().fault());
                due = null;
                answer(refusal, true, true);
            }
            case COMPLETE -> serve();
            case INCOMPLETE -> { }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent && Tls.hasChosenHttp2(channel)) {
            Http2Connect.install(channel, site, pulse, this);
            return;
        }
        if (wire.isEndOfInput(event) && Tls.isInHandshake(channel)) {
            ending.cut(); // nothing can be said yet, and nobody waits for it
        } else if (wire.isEndOfInput(event)) {
            hasInputEnded = true;
            ending.inputEnded();
            if (exchange != null) {
                channel.close(); // whoever waits for an answer goes on listening, and whoever has gone must be missed
            } else if (!isAnswering) {
                ending.begin();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        HttpExchange unanswered = exchange;
        exchange = null;
        if (unanswered != null) {
            unanswered.gone();
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
        if (isPreface(request)) {
            Http2Connect.install(channel, site, pulse, this, input.take());
            return;
        }
        Caller caller = Caller.of(request, channel, site);
        Optional<Reply> refusal = Caller.refusal(caller, channel, site);
        if (site.isDraining().get() && site.tunnelCount().get() == 0) {
            refuseDraining();
        } else if (site.isDraining().get() && ServerHandshake.isUpgrade(request)) {
            refuseDraining();
        } else if (refusal.isPresent()) {
            answer(refusal.get(), true, !request.method().equals("HEAD"));
        } else if (ServerHandshake.isUpgrade(request)) {
            openWebSocket(request, caller);
        } else {
            answerPlain(request, caller);
        }
    }

    /** RFC 9113 §3.4: a connection of HTTP/2 begins with a line that no request of HTTP/1.1 has; over TLS it is agreed on before. */
    private boolean isPreface(OpeningRequest request) {
        return request.method().equals("PRI") && request.target().equals("*") && request.version().equals("HTTP/2.0")
                && request.headers().count() == 0 && !site.isSecure();
    }

    private void refuseDraining() {
        answer(Reply.text(503, "the server goes down").with("Retry-After", "5"), true, true);
    }

    private void answerPlain(OpeningRequest request, Caller caller) {
        RequestTarget target = RequestTarget.parse(request.target()).orElse(null);
        Routes.Served served = target == null ? null : routes.served(request, caller, target);
        Optional<Reply> refusal = site.rules().refusal(request, caller, served == null ? RequestRules.READING : served.service().methods());
        boolean hasBody = !request.method().equals("HEAD");
        if (refusal.isPresent()) {
            answer(refusal.get(), true, hasBody);
        } else if (target == null) {
            answer(Reply.text(400, "a malformed or ambiguous path"), true, hasBody);
        } else if (served != null) {
            await(request, caller, served);
        } else {
            Reply reply = routes.page(request, caller, target);
            answer(reply, isLast(request) || reply.status() == 400, hasBody);
        }
    }

    /** A proxy that saw an Upgrade may believe in a tunnel: the connection must not carry a second request. */
    private static boolean isLast(OpeningRequest request) {
        return request.version().equals("HTTP/1.0")
                || request.headers().contains("Upgrade")
                || String.join(",", request.headers().all("Connection")).toLowerCase(Locale.ROOT).contains("close");
    }

    // Services

    private void await(OpeningRequest request, Caller caller, Routes.Served served) {
        due = new Due(request, caller, served.query(), served.service(), BodyReader.of(request, served.service().maxBodyBytes()));
        waitingSinceNanos = pulse.nanoTime();
        if (request.headers().contains("Expect") && due.body().status() == 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE), channel.voidPromise());
        }
        readBody();
    }

    private void serve() {
        Due served = due;
        due = null;
        isAnswering = true;
        HttpExchange asked = new HttpExchange(this, channel.eventLoop(), served.request(), served.caller(), served.query(), served.body().body(),
                isLast(served.request()), served.request().version().equals("HTTP/1.1"));
        exchange = asked;
        try {
            served.service().serve(asked);
        } catch (RuntimeException | Error e) {
            pulse.failed("service", served.query().path(), e);
            if (asked.abandon()) {
                answer(asked, Reply.text(500, "something went wrong here"));
            } else {
                channel.close();
            }
        }
    }

    @Override
    public Door door(OpeningRequest request, Caller caller, HttpQuery query, Endpoint endpoint) {
        return new TunnelDoor(channel, site, pulse, request, caller, query.path(), new Router.Match<>(endpoint, query.path(), query.variables(), null));
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void answer(HttpExchange asked, Reply reply) {
        if (exchange == asked) {
            exchange = null;
            answer(reply, asked.isLast() || reply.status() == 400, true);
            if (isAnswering) {
                channel.config().setAutoRead(false);
            }
        }
    }

    @Override
    public void stream(HttpExchange asked, Reply head) {
        if (exchange == asked) {
            writer.begin(head, asked.isLast() || !asked.isChunked(), asked.isChunked());
        }
    }

    @Override
    public void streamed(HttpExchange asked) {
        if (exchange == asked) {
            exchange = null;
            answered(asked.isLast() || !asked.isChunked() || hasInputEnded);
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

    /** The first request has its answer already, whatever it is. */
    void refuse(Reply reply) {
        answer(reply, true, true);
    }

    private void openWebSocket(OpeningRequest request, Caller caller) {
        switch (new Entrance(channel, site, pulse, routes, Carrier.HTTP_1_1).judge(request, caller)) {
            case Entrance.Refused refused -> answer(refused.reply(), true, !request.method().equals("HEAD"));
            case Entrance.Open open -> install(open);
        }
    }

    private void install(Entrance.Open open) {
        Takeover takeover = new Takeover(channel, wire, site, pulse, open);
        if (takeover.leavesChannel()) {
            isAnswering = true;
            isLeaving = true;
            channel.deregister().addListener(done -> takeover.bySocket(this, input.take()));
        } else {
            takeover.byChannel(this, input.take());
        }
    }

    // Deadlines

    @Override
    public void beat(long now) {
        ending.beat(now);
        long patience = due != null ? site.options().limits().messageDeadlineNanos() : site.options().handshakeDeadline().toNanos();
        if (writeWatch.isStuck(now)) {
            ending.cut();
        } else if (!isAnswering && !ending.hasBegun() && now - waitingSinceNanos >= patience) {
            expire();
        } else if (site.isDraining().get()) {
            drain();
        }
    }

    /** Whoever has begun to speak is told; a silent one is not. */
    private void expire() {
        if (reader.hasBegun() || due != null) {
            due = null;
            answer(Reply.text(408, "the request took too long"), true, true);
        } else {
            channel.close();
        }
    }

    /** What carries a tunnel may be needed for its end. */
    @Override
    public void drain() {
        if (!isAnswering && !reader.hasBegun() && due == null && site.tunnelCount().get() == 0) {
            ending.begin();
        }
    }

    @Override
    public void abort() {
        channel.close();
    }
}
