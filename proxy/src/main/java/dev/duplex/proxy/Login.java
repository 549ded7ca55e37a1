package dev.duplex.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a proxy that has asked is told who is there; may be used for many requests, by several threads. */
interface Login {

    /** The value of Proxy-Authorization for a CONNECT to one target. */
    String authorization(String target);

    /** The best that a proxy asks for: Digest with SHA-256, Digest with MD5, Basic; empty if it is none of these. */
    static Optional<Login> best(List<Challenge> challenges, Proxy proxy) {
        Optional<Digest> digest = challenges.stream().filter(challenge -> challenge.scheme().equals("digest"))
                .flatMap(challenge -> Digest.answering(challenge, proxy).stream())
                .min(Comparator.comparing(Digest::algorithm));
        Stream<Login> basic = challenges.stream().filter(challenge -> challenge.scheme().equals("basic")).map(challenge -> basic(proxy));
        return Stream.concat(digest.stream(), basic).findFirst();
    }

    /** RFC 7617 §2. */
    private static Login basic(Proxy proxy) {
        byte[] login = (proxy.user() + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8);
        String value = "Basic " + Base64.getEncoder().encodeToString(login);
        return target -> value;
    }
}
