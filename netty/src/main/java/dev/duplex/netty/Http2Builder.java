package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Makes an {@link Http2Link}, with all that a peer may make it hold or do. */
final class Http2Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Link, Http2Builder> {
    /** What browsers open at most, and RFC 9113 §6.5.2 recommends at least. */
    static final int MAX_STREAMS = 100;

    /** RFC 9113's own: what one stream may have sent that was not read yet. */
    static final int STREAM_WINDOW_BYTES = 65_535;

    /** All streams may be full and none stands in another's way. */
    static final int CONNECTION_WINDOW_BYTES = MAX_STREAMS * STREAM_WINDOW_BYTES;

    static final int MAX_SMALL_CONTINUATIONS = 16;
    static final int MAX_EMPTY_DATA = 2;
    private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;

    private final Channel channel;
    private final Pulse pulse;
    private final ConnectionOptions options;
    private final Http2Side side;

    private Http2Builder(Channel channel, Pulse pulse, ConnectionOptions options, Http2Side side) {
        this.channel = channel;
        this.pulse = pulse;
        this.options = options;
        this.side = side;
    }

    static Http2Link ofServer(Channel channel, Pulse pulse, ConnectionOptions options, Http2Side side) {
        Http2Settings settings = settings().maxConcurrentStreams(MAX_STREAMS).connectProtocolEnabled(true);
        return new Http2Builder(channel, pulse, options, side).link(true, settings);
    }

    static Http2Link ofClient(Channel channel, Pulse pulse, ConnectionOptions options, Http2Side side) {
        return new Http2Builder(channel, pulse, options, side).link(false, settings().pushEnabled(false));
    }

    private static Http2Settings settings() {
        return Http2Settings.defaultSettings().initialWindowSize(STREAM_WINDOW_BYTES).maxHeaderListSize(HeadReader.MAX_HEADER_BYTES);
    }

    private Http2Link link(boolean isServer, Http2Settings settings) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(isServer, 0);
        // No tree of priorities: RFC 9113 §5.3.2 deprecates it, and the peer would fill it.
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        return connection(connection)
                .initialSettings(settings)
                .decoupleCloseAndGoAway(true)
                .decoderEnforceMaxRstFramesPerWindow(0, FrameTally.WINDOW_SECONDS) // the link counts, and ends so that its GOAWAY arrives
                .encoderEnforceMaxRstFramesPerWindow(0, FrameTally.WINDOW_SECONDS)
                .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_DATA)
                .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
                .build();
    }

    @Override
    protected Http2Link build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        Http2Link link = new Http2Link(decoder, encoder, settings, channel, pulse, options, side);
        decoder.frameListener(new Frames(link, side));
        return link;
    }

    /** Leads each frame to its stream. */
    private static final class Frames extends Http2EventAdapter {
        private final Http2Link link;
        private final Http2Side side;

        Frames(Http2Link link, Http2Side side) {
            this.link = link;
            this.side = side;
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean ends) throws Http2Exception {
            StreamChannel channel = link.channelOf(streamId);
            if (channel == null || channel.awaitsHead()) {
                side.head(link, link.connection().stream(streamId), headers, ends);
            } else if (ends) {
                channel.endInput(); // trailers
            }
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency, short weight,
                boolean exclusive, int padding, boolean ends) throws Http2Exception {
            onHeadersRead(ctx, streamId, headers, padding, ends);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean ends) {
            int bytes = data.readableBytes();
            StreamChannel channel = link.channelOf(streamId);
            if (channel == null) {
                return bytes + padding;
            }
            if (bytes > 0) {
                channel.receive(data.retain());
            }
            if (ends) {
                channel.endInput();
            }
            return padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long error) {
            StreamChannel channel = link.channelOf(streamId);
            if (channel != null) {
                channel.lose(How.RST, "RST, by RST_STREAM " + LinkEnd.name(error));
            }
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long error, ByteBuf said) {
            link.toldGoAway(error);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            side.settings(settings);
        }
    }
}
