package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import io.netty.handler.codec.http2.Http2Error;

/** How one connection of HTTP/2 ends, as its streams report it. */
final class LinkEnd {
    private How how;
    private String signal = "";
    private String afterGoAway = "";

    /** An error as RFC 9113 §7 names it. */
    static String name(long error) {
        Http2Error known = Http2Error.valueOf(error);
        return known == null ? "0x" + Long.toHexString(error) : known.name();
    }

    /** What it is that this end refuses with an error. */
    static How refusal(Http2Error error) {
        return error == Http2Error.ENHANCE_YOUR_CALM ? How.LIMIT : How.RULE_BROKEN;
    }

    /** The peer ends the connection, or soon will: that is why its streams end from here on. */
    void toldGoAway(long error) {
        afterGoAway = ", after GOAWAY " + name(error);
    }

    /** It begins like this; the first to say so is right. */
    void isLike(How like, String its) {
        if (how == null) {
            how = like;
            signal = its;
        }
    }

    void isFin() {
        isLike(How.FIN, "FIN" + afterGoAway);
    }

    void isReset() {
        isLike(How.RST, reset());
    }

    /** What a stream that is reset now, by whomever, is reset by. */
    String reset() {
        return "RST" + afterGoAway;
    }

    How how() {
        return how;
    }

    String signal() {
        return signal;
    }
}
