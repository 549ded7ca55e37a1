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
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** One request on a stream of HTTP/2, until it has its answer or a WebSocket takes the stream over. */
final class Http2Request extends ChannelInboundHandlerAdapter implements Pulse.Member, WayBack {
    private final StreamChannel channel;
    private final Http2Link link;
    private final Site site;
    private final Pulse pulse;
    private final Routes routes;
    private final ReplyWriter writer;
    private final WriteWatch writeWatch;
    private final Footprint footprint;
    private final long sinceNanos;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    private OpeningRequest request;
    private Caller caller;
    private Routes.Served due;
    private HttpExchange exchange;
    private boolean isAnother;
    private int place = Pulse.NOWHERE;

    Http2Request(StreamChannel channel, Http2Link link, Site site, Pulse pulse) {
        this.channel = channel;
        this.link = link;
        this.site = site;
        this.pulse = pulse;
        routes = new Routes(channel, site, pulse);
        writer = new ReplyWriter(channel, (status, headers) -> {
            link.head(channel.stream(), Http2Heads.status(status), headers, false);
            return Unpooled.EMPTY_BUFFER;
        });
        writeWatch = new WriteWatch(new ChannelWire(channel), site.options().writeDeadline());
        footprint = new Footprint(site.budget());
        sinceNanos = pulse.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        place = pulse.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        place = pulse.remove(place);
        footprint.end();
    }

    /** Counts the stream as a connection, and answers or awaits the body. */
    void begin(OpeningRequest asked) {
        request = asked;
        boolean isUpgrade = ServerHandshake.isUpgrade(request);
        isAnother = isUpgrade && link.carriesWebSockets();
        boolean isFull = site.budget().isShort() || isAnother && !site.admission().counts(channel);
        site.budget().add(MemoryBudget.CONNECTION_BYTES, 1);
        channel.closeFuture().addListener(closed -> site.budget().add(MemoryBudget.CONNECTION_BYTES, -1));
        caller = Caller.of(request, channel, site);
        Optional<Reply> refusal = Caller.refusal(caller, counted(), site);
        if (refusal.isPresent()) {
            answer(refusal.get());
        } else if (isFull) {
            answer(Reply.text(503, "the server is full").with("Retry-After", "5"));
        } else if (site.isDraining().get() && (isUpgrade || site.tunnelCount().get() == 0)) {
            answer(Reply.text(503, "the server goes down").with("Retry-After", "5"));
        } else if (request.headers().count() > HeadReader.MAX_HEADERS) {
            answer(Reply.text(431, "too many headers"));
        } else if (isUpgrade) {
            openWebSocket();
        } else {
            answerPlain();
        }
    }

    /**
     * A client's requests count as its one connection does, and so its first WebSocket; each further one for itself, or one connection
     * would have a hundred. The streams of a proxy may each be another client's.
     */
    private Channel counted() {
        return caller == null || !isAnother && Admission.counts(channel.parent(), caller.address()) ? channel.parent() : channel;
    }

    private void openWebSocket() {
        switch (new Entrance(channel, site, pulse, routes, Carrier.HTTP_2).judge(request, caller)) {
            case Entrance.Refused refused -> answer(refused.reply());
            case Entrance.Open open -> {
                link.head(channel.stream(), Http2Heads.status(open.answer().status()), open.answer().headers(), false);
                ChannelWire wire = new ChannelWire(channel);
                NettyCarrier carrier = new NettyCarrier(wire, site.options(), pulse, open.origin(), open.audience());
                channel.pipeline().replace(this, "websocket", wire.tells(carrier));
                link.carriesAnother(channel);
                carrier.open(new byte[0], null);
            }
        }
    }

    private void answerPlain() {
        RequestTarget target = RequestTarget.parse(request.target()).orElse(null);
        Routes.Served served = target == null ? null : routes.served(request, caller, target);
        Optional<Reply> refusal = site.rules().refusal(request, caller, served == null ? RequestRules.READING : served.service().methods());
        if (refusal.isPresent()) {
            answer(refusal.get());
        } else if (target == null) {
            answer(Reply.text(400, "a malformed or ambiguous path"));
        } else if (served == null) {
            answer(routes.page(request, caller, target));
        } else {
            due = served;
        }
    }

    // The body

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf piece = (ByteBuf) message;
        if (due != null && body.size() + piece.readableBytes() > due.service().maxBodyBytes()) {
            int most = due.service().maxBodyBytes();
            due = null;
            answer(Reply.text(413, "the body is larger than " + most + " bytes"));
        } else if (due != null) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            body.writeBytes(bytes);
        }
        piece.release();
        if (due != null && footprint.become(2L * body.size())) {
            due = null;
            answer(Reply.text(503, "the server is short of memory").with("Retry-After", "5"));
        }
    }

    /** The end of the stream is the end of the body. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (due != null) {
            serve();
        }
    }

    private void serve() {
        Routes.Served served = due;
        due = null;
        HttpExchange asked = new HttpExchange(this, channel.eventLoop(), request, caller, served.query(), body.toByteArray(), false, false);
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
    public void channelInactive(ChannelHandlerContext ctx) {
        HttpExchange unanswered = exchange;
        exchange = null;
        if (unanswered != null) {
            unanswered.gone();
        }
    }

    // The answer

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Door door(OpeningRequest asked, Caller by, HttpQuery query, Endpoint endpoint) {
        return new TunnelDoor(channel, site, pulse, asked, by, query.path(), new Router.Match<>(endpoint, query.path(), query.variables(), null));
    }

    @Override
    public void answer(HttpExchange asked, Reply reply) {
        if (exchange == asked) {
            exchange = null;
            answer(reply);
        }
    }

    @Override
    public void stream(HttpExchange asked, Reply head) {
        if (exchange == asked) {
            writer.begin(head, false, false);
        }
    }

    @Override
    public void streamed(HttpExchange asked) {
        if (exchange == asked) {
            exchange = null;
            answered();
        }
    }

    private void answer(Reply reply) {
        writer.write(reply, false, !request.method().equals("HEAD"), this::answered);
    }

    private void answered() {
        channel.shutdownOutput().addListener(ended -> channel.close());
    }

    // Deadlines

    @Override
    public void beat(long now) {
        if (writeWatch.isStuck(now)) {
            channel.close();
        } else if (due != null && now - sinceNanos >= site.options().limits().messageDeadlineNanos()) {
            due = null;
            answer(Reply.text(408, "the request took too long"));
        }
    }

    @Override
    public void drain() {
        // The answer is on its way; the connection ends after it.
    }

    @Override
    public void abort() {
        channel.close();
    }
}
