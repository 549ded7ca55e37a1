package dev.duplex.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How much is checked, and how patiently. Start from {@link #quick} or {@link #full}.
 *
 * @param only globs of case numbers, such as {@code 6.4.*}; empty for all
 * @param jobs how many cases run at a time, at least 1
 * @param maxMessageBytes longer messages are cut to this size
 * @param messages how many messages each case of 9.7, 9.8, 12 and 13 sends
 * @param patience how long nothing may move before the checker gives up
 * @param insecure whether any certificate is good enough for {@code wss:}
 * @param http2 whether a server is judged over a stream of HTTP/2 (RFC 8441)
 * @param tls what is shown to a server, and whom to trust; empty for nothing, and the system's trust or any
 */
public record Options(List<String> only, int jobs, int maxMessageBytes, int messages, Duration patience, boolean insecure, boolean http2,
        Optional<SSLContext> tls) {
    private static final int QUICK_MESSAGES = 10;
    private static final int FULL_MESSAGES = 1000;

    public Options {
        only = List.copyOf(only);
        if (jobs < 1 || maxMessageBytes < 1 || messages < 1 || patience.toMillis() < 1) {
            throw new IllegalArgumentException("jobs, sizes, counts and patience must be at least 1");
        }
    }

    /** Every case, with messages of at most 1 MiB and 10 of them where the suite sends 1000: under a minute. */
    public static Options quick() {
        return new Options(List.of(), 4, 1 << 20, QUICK_MESSAGES, Duration.ofSeconds(5), false, false, Optional.empty());
    }

    /** Every case in its full size and count: some minutes. */
    public static Options full() {
        return new Options(List.of(), 4, 16 << 20, FULL_MESSAGES, Duration.ofSeconds(10), false, false, Optional.empty());
    }

    public Options only(List<String> globs) {
        return new Options(globs, jobs, maxMessageBytes, messages, patience, insecure, http2, tls);
    }

    public Options jobs(int count) {
        return new Options(only, count, maxMessageBytes, messages, patience, insecure, http2, tls);
    }

    public Options maxMessageBytes(int bytes) {
        return new Options(only, jobs, bytes, messages, patience, insecure, http2, tls);
    }

    public Options messages(int count) {
        return new Options(only, jobs, maxMessageBytes, count, patience, insecure, http2, tls);
    }

    public Options patience(Duration time) {
        return new Options(only, jobs, maxMessageBytes, messages, time, insecure, http2, tls);
    }

    public Options insecure(boolean any) {
        return new Options(only, jobs, maxMessageBytes, messages, patience, any, http2, tls);
    }

    public Options http2(boolean over) {
        return new Options(only, jobs, maxMessageBytes, messages, patience, insecure, over, tls);
    }

    public Options tls(Optional<SSLContext> own) {
        return new Options(only, jobs, maxMessageBytes, messages, patience, insecure, http2, own);
    }

    /** The chosen cases, in the order of the tables. */
    List<Case> cases(boolean servers) {
        List<Case> cases = CaseTable.load(maxMessageBytes).stream().filter(c -> c.sides().judges(servers)).filter(this::chosen).toList();
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("no case matches " + String.join(", ", only));
        }
        if (servers && http2 && cases.stream().allMatch(Case::isOfHttp1)) {
            throw new IllegalArgumentException("over HTTP/2 nothing of " + String.join(", ", only) + " is played: these are openings that only HTTP/1.1 has");
        }
        return cases;
    }

    private boolean chosen(Case c) {
        return only.isEmpty() || only.stream().anyMatch(glob -> matches(glob, c.id()));
    }

    /** A star stands for anything; {@code 6.4} alone means the case or the whole group. */
    static boolean matches(String glob, String id) {
        String pattern = "\\Q" + glob.replace("*", "\\E.*\\Q") + "\\E";
        return id.matches(pattern) || id.startsWith(glob + ".");
    }
}
