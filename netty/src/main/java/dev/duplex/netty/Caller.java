package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Who asks: the client itself, as far as proxies that are trusted tell of it.
 *
 * @param address the client's address
 * @param isSecure whether the client speaks TLS, be it to a proxy
 * @param host the host[:port] that the client asked for, where a proxy tells it; null to believe {@code Host}
 */
record Caller(SocketAddress address, boolean isSecure, String host) {
    /** Whom a PROXY header told of, on the connection that it began. */
    private static final AttributeKey<Caller> TOLD = AttributeKey.valueOf(Caller.class, "told");

    /** Who sent a request on a channel; null if proxies contradict each other, and {@link #refusal} is the answer. */
    static Caller of(OpeningRequest request, Channel channel, Site site) {
        return site.proxies().caller(of(channel, site.isSecure()), request.headers());
    }

    private static Caller of(Channel channel, boolean isSecure) {
        Caller told = told(channel);
        if (told == null && channel.parent() != null) {
            told = told(channel.parent()); // a stream of the connection that a PROXY header began
        }
        return told == null ? new Caller(UnixSockets.peer(channel.remoteAddress()), isSecure, null) : told.over(isSecure);
    }

    /** Null if no header has told of anyone; asking leaves nothing on the channel. */
    private static Caller told(Channel channel) {
        return channel.hasAttr(TOLD) ? channel.attr(TOLD).get() : null;
    }

    /** What is answered to someone who may not ask at all, whatever he asks; empty if he may. */
    static Optional<Reply> refusal(Caller caller, Channel channel, Site site) {
        if (caller == null) {
            return Optional.of(Reply.text(400, "the headers of proxies contradict each other"));
        }
        Optional<Reply> refusal = Admission.refusal(channel);
        if (refusal.isPresent()) {
            return refusal;
        }
        return site.proxies().contains(caller.address) || site.admission().admits(channel, caller.address)
                ? Optional.empty() : Optional.of(Admission.refusal(429));
    }

    /** From now on this is who is at the other end. */
    void isAtEndOf(Channel channel) {
        channel.attr(TOLD).set(this);
    }

    private Caller over(boolean isSecureHere) {
        return isSecure || !isSecureHere ? this : new Caller(address, true, host);
    }

    /** The host alone, in lower case; empty if no proxy has told it. */
    Optional<String> hostName() {
        return Optional.ofNullable(host).map(told -> told.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT));
    }

    /** The fields of a request as the client sent them, where a proxy has put another {@code Host}. */
    Headers asSent(Headers headers) {
        if (host == null) {
            return headers;
        }
        Headers[] all = {Headers.of("Host", host)};
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Host")) {
                all[0] = all[0].with(name, value);
            }
        });
        return all[0];
    }
}
