package dev.duplex.signalling;

import java.time.Duration;
import java.util.Objects;

/** The settings of {@link Signalling}, each with a default that is safe on the open internet. */
public final class SignallingBuilder {
    private RoomLimits limits = RoomLimits.defaults();
    private IceServers iceServers = IceServers.none();

    SignallingBuilder() {}

    /** What peers may make the rooms hold or do; {@link RoomLimits#defaults}. */
    public SignallingBuilder limits(RoomLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * Tells peers of a STUN server, such as {@code stun:stun.example.org:3478}; may be called again.
     *
     * @throws IllegalArgumentException if it is no such URL (RFC 7064)
     */
    public SignallingBuilder stun(String url) {
        iceServers = iceServers.withStun(url);
        return this;
    }

    /**
     * Tells peers of a TURN server, such as {@code turn:turn.example.org:3478?transport=udp}, with credentials that expire.
     *
     * @param secret what the TURN server was given as its {@code static-auth-secret}
     * @throws IllegalArgumentException if one is no such URL (RFC 7065)
     */
    public SignallingBuilder turn(TurnSecret secret, String... urls) {
        iceServers = iceServers.withTurn(Objects.requireNonNull(secret, "secret"), urls);
        return this;
    }

    /** How long a TURN credential is good for new connections; 12 h, longer than any call. */
    public SignallingBuilder turnLifetime(Duration lifetime) {
        iceServers = iceServers.withLifetime(lifetime);
        return this;
    }

    /** The endpoint, whose owner runs until it is closed. */
    public Signalling build() {
        return new Signalling(limits, iceServers);
    }
}
