package dev.duplex.netty;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** What an end of a connection of HTTP/2 does with its streams. */
interface Http2Side {
    /** The peer's first fields on a stream. */
    void head(Http2Link link, Http2Stream stream, Http2Headers headers, boolean endsInput) throws Http2Exception;

    /** The peer's settings. */
    void settings(Http2Settings settings);

    /** Whether new streams must be let in though this end goes down: what carries a connection over plain HTTP needs more of them. */
    boolean isNeeded();

    /** The connection has ended, or ends: no stream comes any more. */
    void ended();

    /** Where what the connection holds is counted; null where nobody counts, as at a client. */
    default MemoryBudget budget() {
        return null;
    }
}
