package dev.duplex.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * HTTP CONNECT (RFC 9110 §9.3.6).
 *
 * <p>A password goes only to a proxy that has asked for it, and as a digest if the proxy knows how. After a 407 the next request goes
 * over a connection of its own, so that no body has to be read. A stale nonce (RFC 7616 §3.3) is replaced.
 */
final class HttpConnect extends ProxyHandshake {
    private static final int AUTHENTICATION_REQUIRED = 407;

    /** As with a server's answer: a proxy has one thing to say before it, or two. */
    private static final int MAX_INTERIM_ANSWERS = 4;

    /** The first is the question; more come with nonces that went stale meanwhile. */
    private static final int MAX_QUESTIONS = 3;

    private final ProxyRoute route;
    private final Optional<Login> login;
    private final int questions;
    private ProxyAnswer answer = new ProxyAnswer();
    private int interimAnswers;

    /** @param questions how often the proxy has asked already who is there */
    HttpConnect(ProxyRoute route, Target target, Optional<Login> login, int questions) {
        super(route.proxy(), target);
        this.route = route;
        this.login = login;
        this.questions = questions;
    }

    @Override
    public byte[] begin() {
        String authorization = login.map(known -> "Proxy-Authorization: " + known.authorization(target().toString()) + "\r\n").orElse("");
        return ("CONNECT " + target() + " HTTP/1.1\r\nHost: " + target() + "\r\n" + authorization + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    Step read(ByteBuffer input) {
        while (answer.read(input)) {
            if (answer.status() / 100 != 1) {
                return judge();
            }
            if (++interimAnswers > MAX_INTERIM_ANSWERS) {
                return failed("does not come to its answer");
            }
            answer = new ProxyAnswer();
        }
        return !answer.isHttp() ? failed("does not speak HTTP") : answer.isTooLong() ? failed("answered with a head without end") : MORE;
    }

    private Step judge() {
        int status = answer.status();
        if (status == 0) {
            return failed("does not speak HTTP");
        }
        if (status == AUTHENTICATION_REQUIRED) {
            return asked();
        }
        if (status == 401 && login.isPresent()) {
            return failed(status, "does not accept the user name and password (401)"); // as tinyproxy says it
        }
        // RFC 9110 §9.3.6: any 2xx opens the tunnel, whatever length it names.
        return status / 100 == 2 ? new Step.Open() : failed(status, switch (status) {
            case 401, 403, 405 -> "does not let through to ";
            case 500, 502, 503, 504 -> "cannot reach ";
            default -> "refused to connect to ";
        } + target() + ": " + answer.shown());
    }

    private Step asked() {
        if (proxy().user().isEmpty()) {
            return failed(AUTHENTICATION_REQUIRED, "wants a user name and password (407); give them as http://user:password@host:port");
        }
        List<Challenge> challenges = Challenge.of(answer.all("Proxy-Authenticate"));
        boolean isStale = challenges.stream().anyMatch(challenge -> challenge.parameter("stale").equalsIgnoreCase("true"));
        if (questions > 0 && !isStale || questions == MAX_QUESTIONS) {
            return failed(AUTHENTICATION_REQUIRED, "does not accept the user name and password (407)");
        }
        Optional<Login> best = Login.best(challenges, proxy());
        if (best.isEmpty()) {
            String wanted = challenges.stream().map(Challenge::scheme).map(name -> name.substring(0, Math.min(name.length(), 20))).distinct().limit(5).collect(Collectors.joining(", "));
            return failed(AUTHENTICATION_REQUIRED, "wants a login that is not spoken here (407): " + (wanted.isEmpty() ? "it names none" : wanted)
                    + "; Basic, and Digest with MD5 or SHA-256, are");
        }
        route.remember(best.get());
        return new Step.Again(new HttpConnect(route, target(), best, questions + 1));
    }
}
