package dev.duplex.proxy;

import java.nio.ByteBuffer;

/**
 * One way through a proxy to one target, as pure code: what is to be sent, and what the answers mean.
 *
 * <pre>
 *   connect to the proxy ─► send begin() ─► receive(bytes) ─┬─► Send    send it, receive more
 *                                                           ├─► Open    from here on bytes are the target's
 *                                                           ├─► Again   end TCP, connect anew, and go on with another handshake
 *                                                           └─► Failed  end TCP
 * </pre>
 *
 * <p>What a proxy can make this hold is bounded; time is the caller's to watch. One for each connection to the proxy.
 */
public abstract sealed class ProxyHandshake permits HttpConnect, Socks4, Socks5 {

    /** What follows from bytes of the proxy. */
    public sealed interface Step {
        /** There is more to come; {@code bytes} are to be sent, if there are any. */
        record Send(byte[] bytes) implements Step {}

        /** The way is open. */
        record Open() implements Step {}

        /** The proxy has asked who is there, and is to be told on a new connection. */
        record Again(ProxyHandshake next) implements Step {}

        /**
         * The way is closed.
         *
         * @param status the HTTP status, if the proxy answered with one; else 0
         * @param why one line for people
         */
        record Failed(int status, String why) implements Step {}
    }

    static final Step MORE = new Step.Send(new byte[0]);

    private final Proxy proxy;
    private final Target target;

    ProxyHandshake(Proxy proxy, Target target) {
        this.proxy = proxy;
        this.target = target;
    }

    /** What is sent as soon as the connection to the proxy stands. */
    public abstract byte[] begin();

    /** Takes bytes of the proxy. */
    public final Step receive(ByteBuffer input) {
        Step step = read(input);
        // In front of a WebSocket nobody speaks unasked: what follows here is the proxy's own, and would pass for the target's.
        return step instanceof Step.Open && input.hasRemaining() ? failed("sent something of its own into the tunnel") : step;
    }

    abstract Step read(ByteBuffer input);

    /** The proxy has ended the connection. */
    public final Step.Failed ended() {
        return failed("closed the connection before it let anything through");
    }

    /** The proxy has not answered in time. */
    public final Step.Failed late(long afterMillis) {
        return failed("did not answer within " + afterMillis + " ms");
    }

    /** The target and the proxy, for messages. */
    @Override
    public final String toString() {
        return target + " through the proxy " + proxy.where();
    }

    /** The proxy that it goes through. */
    public final Proxy proxy() {
        return proxy;
    }

    final Target target() {
        return target;
    }

    final Step.Failed failed(String what) {
        return new Step.Failed(0, "the proxy " + proxy.where() + " " + what);
    }

    final Step.Failed failed(int status, String what) {
        return new Step.Failed(status, "the proxy " + proxy.where() + " " + what);
    }
}
