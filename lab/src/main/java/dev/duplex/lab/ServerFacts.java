package dev.duplex.lab;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server tells of itself at {@link #PATH}: {@code cpu 123 clock 456}, in nanoseconds.
 *
 * @param cpuNanos the processor time of its process until now; negative where Java cannot tell
 * @param clockNanos its clock, since 1970
 */
public record ServerFacts(long cpuNanos, long clockNanos) {
    /** Where a server tells it, by plain HTTP. */
    public static final String PATH = "/lab/server";

    private static final Pattern FORM = Pattern.compile("cpu (-?\\d{1,18}) clock (\\d{1,19})\\s*");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What this process tells. */
    public static String told() {
        return "cpu " + ownCpu().toNanos() + " clock " + FeedMessage.now() + "\n";
    }

    /** The processor time of this process. */
    static Duration ownCpu() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Duration.ofNanos(system.getProcessCpuTime());
    }

    /**
     * Asks a server.
     *
     * @param door where it is asked
     * @param server what it is called
     * @param why what is known of a failure; empty if nothing is
     * @throws LabFailedException if it does not tell
     */
    static ServerFacts ask(HttpClient http, URI door, URI server, Supplier<String> why) throws InterruptedException {
        try {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(door.resolve(PATH)).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            Matcher form = FORM.matcher(answer.body());
            if (answer.statusCode() == 200 && form.matches()) {
                return new ServerFacts(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)));
            }
            throw new LabFailedException(server + " has no lab: " + PATH + " was answered with " + answer.statusCode() + "; the lab measures a duplex serve");
        } catch (IOException e) {
            String said = why.get().isEmpty() ? e.getMessage() : why.get();
            throw new LabFailedException(server + " cannot be reached" + (said == null ? "" : ": " + said));
        }
    }

    /** Asks a server, which may throw. */
    interface Question {
        ServerFacts ask() throws InterruptedException;
    }

    /** What the server's clock shows more than ours: the middle of the quickest of some exchanges. */
    static long clockOffsetNanos(Question question) throws InterruptedException {
        long quickest = Long.MAX_VALUE;
        long offset = 0;
        for (int i = 0; i < 12; i++) {
            long asked = FeedMessage.now();
            long told = question.ask().clockNanos();
            long answered = FeedMessage.now();
            if (answered - asked < quickest) {
                quickest = answered - asked;
                offset = told - (asked + answered) / 2;
            }
        }
        return offset;
    }
}
