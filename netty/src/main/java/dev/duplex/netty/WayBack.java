package dev.duplex.netty;

import dev.duplex.api.Endpoint;
import dev.duplex.protocol.OpeningRequest;
import io.netty.channel.Channel;

/** One request's way back to its peer, over HTTP/1.1 or HTTP/2; used on the loop alone, in vain once the peer has gone. */
interface WayBack {
    /** What the body's bytes are written to. */
    Channel channel();

    Door door(OpeningRequest request, Caller caller, HttpQuery query, Endpoint endpoint);

    /** Sends an answer, whole. */
    void answer(HttpExchange asked, Reply reply);

    /** Sends the head of an answer that comes in pieces. */
    void stream(HttpExchange asked, Reply head);

    /** The last piece has left. */
    void streamed(HttpExchange asked);
}
