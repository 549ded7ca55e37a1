package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import java.util.Optional;
import java.util.stream.Stream;

/** How the bytes of a connection come from the server. */
enum Delivery {
    /** In one response without end, as records. */
    STREAM("stream", Carrier.STREAMING, "application/octet-stream"),
    /** In one response without end, as Server-Sent Events. */
    EVENTS("events", Carrier.SERVER_SENT_EVENTS, "text/event-stream"),
    /** In a response that waits until there is something. */
    LONG("long", Carrier.LONG_POLLING, "application/octet-stream"),
    /** In a response that comes at once. */
    POLL("poll", Carrier.POLLING, "application/octet-stream");

    private final String word;
    private final Carrier carrier;
    private final String mediaType;

    Delivery(String word, Carrier carrier, String mediaType) {
        this.word = word;
        this.carrier = carrier;
        this.mediaType = mediaType;
    }

    static Optional<Delivery> of(String word) {
        return Stream.of(values()).filter(delivery -> delivery.word.equals(word)).findFirst();
    }

    /** @throws IllegalArgumentException if it is one of WebSocket or of another wire */
    static Delivery of(Carrier carrier) {
        return Stream.of(values()).filter(delivery -> delivery.carrier == carrier).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(carrier + " is not carried over plain HTTP here"));
    }

    /** As it stands in a request. */
    String word() {
        return word;
    }

    Carrier carrier() {
        return carrier;
    }

    String mediaType() {
        return mediaType;
    }

    boolean isStreamed() {
        return this == STREAM || this == EVENTS;
    }
}
