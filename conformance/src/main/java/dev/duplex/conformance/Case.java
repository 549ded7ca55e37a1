package dev.duplex.conformance;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One case: what is sent and what may come back, as the tables say it.
 *
 * @param sides who can be judged by it
 * @param opening how the opening handshake is bent
 * @param offer the Sec-WebSocket-Extensions value that the checker offers as client; empty for none
 * @param accept what the checker demands of permessage-deflate as server, the first possible alternative counts
 */
record Case(String id, String group, String title, String section, Sides sides, List<String> opening, String offer, List<String> accept,
        List<String> reply, List<Step> steps, List<Outcome> outcomes) {

    private static final Pattern OF_HTTP_1 = Pattern.compile("[-+]?(line|tail|cut|raw|Host|Upgrade|Connection|Sec-WebSocket-Key|Content-Length"
            + "|Transfer-Encoding|X-Field )(:|$)", Pattern.CASE_INSENSITIVE);

    /** Which kind of peer a case judges. */
    enum Sides {
        BOTH, SERVERS, CLIENTS;

        boolean judges(boolean servers) {
            return this == BOTH || (this == SERVERS) == servers;
        }
    }

    /** Whether its opening has what HTTP/2 has not: a request line, octets of its own, an Upgrade, a key, or a body before the answer. */
    boolean isOfHttp1() {
        return opening.stream().anyMatch(edit -> OF_HTTP_1.matcher(edit).lookingAt() || edit.contains("{nul}"));
    }

    boolean compresses() {
        return !offer.isEmpty() || !accept.isEmpty();
    }

    Optional<Outcome> ending(Outcome.Ending ending) {
        return outcomes.stream().filter(o -> o.ending() == ending).findFirst();
    }

    boolean is(Outcome.Ending ending) {
        return ending(ending).isPresent();
    }
}
