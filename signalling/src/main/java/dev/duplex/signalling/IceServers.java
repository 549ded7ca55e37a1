package dev.duplex.signalling;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The STUN and TURN servers that peers are told of; none unless configured.
 *
 * @param stun URLs (RFC 7064)
 * @param turn URLs (RFC 7065)
 * @param secret makes the credentials for {@code turn}; null if there is none
 * @param lifetime how long they are good
 */
record IceServers(List<String> stun, List<String> turn, TurnSecret secret, Duration lifetime, InstantSource clock) {
    private static final String HOST = "([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";
    private static final Pattern STUN = Pattern.compile("stuns?:" + HOST);
    private static final Pattern TURN = Pattern.compile("turns?:" + HOST + "(\\?transport=(udp|tcp))?");

    static IceServers none() {
        return new IceServers(List.of(), List.of(), null, Duration.ofHours(12), InstantSource.system());
    }

    IceServers withStun(String url) {
        if (!STUN.matcher(url).matches()) {
            throw new IllegalArgumentException("a STUN server is named as stun:host or stun:host:port, not " + url);
        }
        return new IceServers(with(stun, url), turn, secret, lifetime, clock);
    }

    IceServers withTurn(TurnSecret shared, String... urls) {
        List<String> all = turn;
        for (String url : urls) {
            if (!TURN.matcher(url).matches()) {
                throw new IllegalArgumentException("a TURN server is named as turn:host:port or turn:host:port?transport=tcp, not " + url);
            }
            all = with(all, url);
        }
        return new IceServers(stun, all, shared, lifetime, clock);
    }

    IceServers withLifetime(Duration duration) {
        if (duration.toSeconds() < 1) {
            throw new IllegalArgumentException("a credential must be good for a second at least: " + duration);
        }
        return new IceServers(stun, turn, secret, duration, clock);
    }

    /** As {@code RTCConfiguration.iceServers} wants them, with fresh credentials. */
    List<Map<String, Object>> now() {
        List<Map<String, Object>> servers = new ArrayList<>();
        if (!stun.isEmpty()) {
            servers.add(Map.of("urls", stun));
        }
        if (!turn.isEmpty()) {
            TurnCredential credential = secret.credential("duplex", clock.instant().plus(lifetime));
            servers.add(Map.of("urls", turn, "username", credential.username(), "credential", credential.password()));
        }
        return servers;
    }

    private static List<String> with(List<String> list, String one) {
        List<String> all = new ArrayList<>(list);
        all.add(one);
        return List.copyOf(all);
    }
}
