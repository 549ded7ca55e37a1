package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import dev.duplex.protocol.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/2 and its streams, at a server or a client.
 *
 * <p>Netty's codec keeps the rules of RFC 9113; each stream is a {@link StreamChannel} with a handler of its own. Its connection
 * window holds the windows of all streams, so that one that is not read stops nobody else.
 */
final class Http2Link extends Http2ConnectionHandler implements Pulse.Member {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    private final Channel channel;
    private final Pulse pulse;
    private final ConnectionOptions options;
    private final Http2Side side;
    private final Http2Connection.PropertyKey channelKey;
    private final ChannelWire wire;
    private final Ending ending;
    private final WriteWatch writeWatch;
    private final FrameTally tally;
    private final Footprint footprint;
    private final LinkEnd end = new LinkEnd();
    private final Allowance ownResets;
    private final StreamReaders readers;
    private ChannelHandlerContext ctx;
    private long idleSinceNanos;
    private int webSockets;
    private boolean isReading;
    private boolean isFlushDue;
    private int place = Pulse.NOWHERE;

    Http2Link(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Channel channel, Pulse pulse,
            ConnectionOptions options, Http2Side side) {
        super(decoder, encoder, settings, true);
        this.channel = channel;
        this.pulse = pulse;
        this.options = options;
        this.side = side;
        channelKey = connection().newKey();
        readers = new StreamReaders(channel.eventLoop());
        wire = new ChannelWire(channel);
        ending = new Ending(wire, pulse, options.closeWait());
        writeWatch = new WriteWatch(wire, options.writeDeadline());
        footprint = new Footprint(side.budget());
        idleSinceNanos = pulse.nanoTime();
        tally = new FrameTally(connection().isServer() ? Http2CodecUtil.connectionPrefaceBuf().readableBytes() : 0, idleSinceNanos);
        ownResets = new Allowance(FrameTally.MAX_RESETS, FrameTally.WINDOW_SECONDS, idleSinceNanos);
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                closed(stream);
            }
        });
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        ctx = context;
        place = pulse.add(this);
        super.handlerAdded(context);
        Http2Stream whole = connection().connectionStream();
        decoder().flowController().incrementWindowSize(whole, Http2Builder.CONNECTION_WINDOW_BYTES - decoder().flowController().windowSize(whole));
        weigh();
        flushSoon();
    }

    /** Reads, in the midst of the channel's own reading, what another handler has read before. */
    void begin(ByteBuf early) {
        try {
            channelRead(ctx, early);
        } catch (Exception e) {
            LOG.debug("{}: {}", channel, e.toString());
            channel.close();
        }
    }

    // Streams

    /** Makes a stream a channel, which lives until both are closed. */
    StreamChannel open(Http2Stream stream) {
        StreamChannel opened = new StreamChannel(this, stream);
        stream.setProperty(channelKey, opened);
        channel.eventLoop().register(opened);
        return opened;
    }

    /** The channel of a stream; null if it never had one. */
    StreamChannel channelOf(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        return stream == null ? null : stream.getProperty(channelKey);
    }

    /** A stream has become a WebSocket, and is one until it is closed. */
    void carriesAnother(StreamChannel stream) {
        webSockets++;
        stream.closeFuture().addListener(closed -> webSockets--);
    }

    boolean carriesWebSockets() {
        return webSockets > 0;
    }

    private void closed(Http2Stream stream) {
        idleSinceNanos = pulse.nanoTime();
        StreamChannel its = stream.getProperty(channelKey);
        if (its != null) {
            its.streamClosed(end.reset());
        }
        if (connection().goAwaySent() || connection().goAwayReceived()) {
            channel.eventLoop().execute(this::endIfUnused);
        }
    }

    private void endIfUnused() {
        if (connection().numActiveStreams() == 0) {
            end(Http2Error.NO_ERROR);
        }
    }

    /** Answers with a head. */
    void head(Http2Stream stream, Http2Headers pseudo, Headers fields, boolean endsOutput) {
        Http2Heads.add(pseudo, fields);
        encoder().writeHeaders(ctx, stream.id(), pseudo, 0, endsOutput, ctx.newPromise());
        flushSoon();
    }

    /** Whether the peer takes one more stream now: none after its GOAWAY (RFC 9113 §6.8). */
    boolean hasRoom() {
        return !connection().goAwayReceived() && connection().local().canOpenStream();
    }

    /** Opens a stream with a request; null if the peer's settings refuse so long a head. */
    StreamChannel request(Http2Headers pseudo, Headers fields) {
        int streamId = connection().local().incrementAndGetNextStreamId();
        Http2Heads.add(pseudo, fields);
        encoder().writeHeaders(ctx, streamId, pseudo, 0, false, ctx.newPromise());
        flushSoon();
        Http2Stream made = connection().stream(streamId);
        return made == null ? null : open(made);
    }

    ChannelFuture data(Http2Stream stream, ByteBuf bytes, boolean endsOutput) {
        int length = bytes.readableBytes();
        ChannelFuture written = encoder().writeData(ctx, stream.id(), bytes, 0, endsOutput, ctx.newPromise());
        written.addListener(done -> tally.sent(length));
        flushSoon();
        return written;
    }

    void reset(Http2Stream stream, Http2Error error) {
        if (!ending.hasBegun() && channel.isActive() && stream.state() != Http2Stream.State.CLOSED) {
            encoder().writeRstStream(ctx, stream.id(), error.code(), ctx.newPromise());
            flushSoon();
        }
    }

    /** Bytes of a stream were read by their owner: the peer may send as many more. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(ctx, true, e);
        }
    }

    void toldGoAway(long error) {
        end.toldGoAway(error);
    }

    /** A stream's handler has been given bytes of this moment. */
    void isReadBy(StreamChannel reader) {
        readers.add(reader);
    }

    long windowBytes(Http2Stream stream) {
        return encoder().flowController().windowSize(stream);
    }

    /** Flushes when the loop has done what it is at: what streams send at one moment leaves in one write. */
    private void flushSoon() {
        if (!isReading && !isFlushDue) {
            isFlushDue = true;
            channel.eventLoop().execute(() -> {
                isFlushDue = false;
                flush(ctx);
            });
        }
    }

    // From the channel

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (ending.hasBegun()) {
            ending.drop((ByteBuf) message);
            return;
        }
        if (!tally.allows((ByteBuf) message, pulse.nanoTime())) {
            ((ByteBuf) message).release();
            end(Http2Error.ENHANCE_YOUR_CALM);
            return;
        }
        isReading = true;
        readers.expectMore();
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        readers.tell();
        isReading = false;
        weigh();
        super.channelReadComplete(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        super.userEventTriggered(context, event);
        if (wire.isEndOfInput(event)) {
            ending.inputEnded();
            end.isFin();
            loseAll();
            ending.begin();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        loseAll();
        place = pulse.remove(place);
        footprint.end();
    }

    /** Tells what the codec holds now, besides what streams do; who takes more than there is must go. */
    private void weigh() {
        if (footprint.become(MemoryBudget.HTTP2_BYTES + MemoryBudget.BYTES_PER_GATHERED_BYTE * tally.gatheredBytes())) {
            end(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    /** A peer can break a connection in many ways; none of them is worth a stack trace. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        LOG.debug("{}: {}", channel, cause.toString());
        if (cause instanceof Http2Exception || cause.getCause() instanceof Http2Exception) {
            super.exceptionCaught(context, cause);
        } else {
            end.isLike(Chronicle.howFailed(cause), "");
            loseAll();
            channel.close();
        }
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception fault) {
        LOG.debug("{}: {}", channel, cause.toString());
        end(fault == null ? Http2Error.INTERNAL_ERROR : fault.error());
    }

    @Override
    protected void onStreamError(ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception.StreamException fault) {
        LOG.debug("{}, stream {}: {}", channel, fault.streamId(), cause.toString());
        StreamChannel its = channelOf(fault.streamId());
        if (its != null) {
            its.endsLike(LinkEnd.refusal(fault.error()), "RST_STREAM " + fault.error());
        }
        if (ownResets.allows(pulse.nanoTime())) {
            super.onStreamError(context, outbound, cause, fault);
        } else {
            end(Http2Error.ENHANCE_YOUR_CALM); // who makes this end reset costs as much as who resets
        }
    }

    /** After the good-bye nothing of what the peer has sent is looked at. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (ending.hasBegun()) {
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(context, in, out);
        }
    }

    // The end

    /** Says good-bye with a reason, and ends so that it arrives. */
    void end(Http2Error error) {
        if (ending.hasBegun()) {
            return;
        }
        if (error != Http2Error.NO_ERROR) {
            end.isLike(LinkEnd.refusal(error), "GOAWAY " + error);
        }
        if (error != Http2Error.NO_ERROR || !connection().goAwaySent()) {
            sayGoAway(error);
        }
        flush(ctx);
        ending.begin();
        loseAll();
    }

    /** Not by the codec's own method, which closes the channel behind an error, and with that resets what was not read yet. */
    private void sayGoAway(Http2Error error) {
        int last = connection().remote().lastStreamCreated();
        try {
            connection().goAwaySent(last, error.code(), Unpooled.EMPTY_BUFFER);
        } catch (Http2Exception e) {
            LOG.debug("{}: {}", channel, e.toString());
        }
        encoder().frameWriter().writeGoAway(ctx, last, error.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    }

    private void loseAll() {
        end.isReset();
        side.ended();
        List<StreamChannel> all = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                if (stream.getProperty(channelKey) instanceof StreamChannel its) {
                    all.add(its);
                }
                return true;
            });
        } catch (Http2Exception e) {
            LOG.debug("{}: {}", channel, e.toString());
        }
        all.forEach(stream -> stream.lose(end.how(), end.signal()));
    }

    @Override
    public void beat(long now) {
        ending.beat(now);
        if (connection().numActiveStreams() > 0) {
            idleSinceNanos = now;
        }
        if (writeWatch.isStuck(now)) {
            end.isLike(How.WRITE_STALLED, "");
            loseAll();
            ending.cut();
        } else if (footprint.isGreedy(now)) {
            end(Http2Error.ENHANCE_YOUR_CALM);
        } else if (!ending.hasBegun() && now - idleSinceNanos >= options.handshakeDeadline().toNanos()) {
            end(Http2Error.NO_ERROR);
        }
    }

    /** RFC 9113 §6.8: no new streams; those there are say good-bye for themselves. */
    @Override
    public void drain() {
        if (side.isNeeded()) {
            return;
        }
        if (!ending.hasBegun() && !connection().goAwaySent()) {
            sayGoAway(Http2Error.NO_ERROR);
            flush(ctx);
        }
        endIfUnused();
    }

    @Override
    public void abort() {
        end.isLike(How.ABORTED, "");
        loseAll();
        channel.close();
    }

    /** Takes the place of the handler before it. */
    void replace(ChannelHandler before) {
        channel.pipeline().replace(before, "http2", this);
    }
}
