package dev.duplex.api;

import java.util.List;

/** Turns an opening into a listener, or into a {@link Rejection}. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Decides on one opening; called on the event loop, so it must not block.
     *
     * @throws Rejection to refuse with a status and a body; any other exception refuses with 500
     */
    Listener open(Opening opening);

    /** The subprotocols this endpoint speaks; the client's first among them is chosen (RFC 6455 §4.2.2). */
    default List<String> subprotocols() {
        return List.of();
    }

    /** The same endpoint, speaking these subprotocols. */
    default Endpoint speaking(String... subprotocols) {
        Endpoint plain = this;
        List<String> spoken = List.of(subprotocols);
        return new Endpoint() {
            @Override
            public Listener open(Opening opening) {
                return plain.open(opening);
            }

            @Override
            public List<String> subprotocols() {
                return spoken;
            }
        };
    }

    /**
     * An endpoint in blocking style: each connection's {@code talk} runs on a virtual thread of its own.
     *
     * <p>When it returns the connection is closed with 1000; when it throws, with 1011.
     */
    static Endpoint conversation(Talk talk) {
        return opening -> Conversation.onVirtualThread(talk, false);
    }

    /** The same for messages in parts: {@link Conversation#receivePart} instead of {@link Conversation#receive}. */
    static Endpoint conversationInParts(Talk talk) {
        return opening -> Conversation.onVirtualThread(talk, true);
    }

    /** What one connection's virtual thread does. */
    @FunctionalInterface
    interface Talk {
        /** Talks until it returns, which closes with 1000, or throws, which closes with 1011. */
        void with(Conversation conversation) throws Exception;
    }
}
