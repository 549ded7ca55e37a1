package dev.duplex.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same messages over a WebSocket and over UDP, at the same time, through a network that loses packets: what TCP does for a channel.
 *
 * <p>The network is two namespaces of Linux with two lines between them, one of which is slower. Nothing of the machine's own
 * network is touched.
 *
 * @param feed what is sent
 * @param lossPercent how many packets in a hundred are lost
 * @param webSocket what came over the WebSocket; null if it could not be measured
 * @param udp what came over UDP; null if it could not be measured
 * @param unable why it could not be measured, in one line; null if it could
 */
public record WhyTcp(Feed feed, int lossPercent, LossyTraffic webSocket, LossyTraffic udp, String unable) {
    /** The share of packets that take the slower line, and its speed: slow enough that the next message overtakes some. */
    private static final int SLOW_PERCENT = 20;

    private static final int SLOW_BITS_PER_SECOND = 64_000;
    private static final Duration START_WAIT = Duration.ofSeconds(90);

    /** Whether there is anything but {@link #unable}. */
    public boolean isMeasured() {
        return unable == null;
    }

    /** Fifty small messages a second for so long. */
    public static Feed feed(Duration duration) {
        return new Feed(Direction.PUSH, 50, 200, duration);
    }

    /**
     * Measures it.
     *
     * @param lossPercent 1 to 50
     */
    public static WhyTcp measure(Feed feed, int lossPercent) throws InterruptedException {
        try {
            List<String> namespace = namespace();
            if (namespace.isEmpty()) {
                return unable(feed, lossPercent, "no network namespace can be made here, neither as root nor as a user (unshare --net)");
            }
            return run(namespace, feed, lossPercent);
        } catch (IOException e) {
            return unable(feed, lossPercent, "no network namespace can be made here: " + e.getMessage());
        }
    }

    private static WhyTcp unable(Feed feed, int lossPercent, String why) {
        return new WhyTcp(feed, lossPercent, null, null, why);
    }

    /** The command that makes one: as root, or with a user namespace around it. */
    private static List<String> namespace() throws IOException, InterruptedException {
        for (List<String> way : List.of(List.of("unshare", "--net"), List.of("unshare", "--user", "--map-root-user", "--net"))) {
            List<String> trial = new ArrayList<>(way);
            trial.add("true");
            try (OwnProcess process = new OwnProcess(trial)) {
                if (process.awaitEnd(10) && process.hasSucceeded()) {
                    return way;
                }
            }
        }
        return List.of();
    }

    private static WhyTcp run(List<String> namespace, Feed feed, int lossPercent) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(namespace);
        command.addAll(List.of("sh", "-c", script(), "lossy.sh", String.valueOf(lossPercent), String.valueOf(SLOW_PERCENT),
                String.valueOf(SLOW_BITS_PER_SECOND), java("send", feed), java("receive", feed)));
        try (OwnProcess process = new OwnProcess(command)) {
            Thread watch = Thread.ofVirtual().start(() -> endLate(process, START_WAIT.plus(feed.duration())));
            List<String> lines = process.output().lines().toList();
            watch.interrupt();
            return read(lines, feed, lossPercent);
        }
    }

    private static void endLate(OwnProcess process, Duration atMost) {
        try {
            if (!process.awaitEnd(atMost.toSeconds())) {
                process.end();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static WhyTcp read(List<String> lines, Feed feed, int lossPercent) {
        List<Arrival> webSocket = new ArrayList<>();
        List<Arrival> udp = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ");
            if (line.startsWith("cannot: ")) {
                return unable(feed, lossPercent, line.substring(8));
            } else if (fields.length == 4 && (fields[0].equals("tcp") || fields[0].equals("udp"))) {
                (fields[0].equals("tcp") ? webSocket : udp).add(new Arrival(Integer.parseInt(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3])));
            }
        }
        if (webSocket.isEmpty() && udp.isEmpty()) {
            return unable(feed, lossPercent, "nothing came through" + (lines.isEmpty() ? "" : ": " + lines.getLast()));
        }
        return new WhyTcp(feed, lossPercent, new LossyTraffic(feed.messages(), webSocket), new LossyTraffic(feed.messages(), udp), null);
    }

    private static String script() throws IOException {
        try (InputStream in = WhyTcp.class.getResourceAsStream("lossy.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String java(String role, Feed feed) {
        String java = ProcessHandle.current().info().command().orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return quoted(java) + " -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp " + quoted(System.getProperty("java.class.path")) + " "
                + LossyEnd.class.getName() + " " + role + " " + feed.perSecond() + " " + feed.sizeBytes() + " " + feed.duration().toMillis();
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A row of a table for each, with the columns sent, lost, out of order, p50, p99 and longest time under way. */
    public String summary() {
        return row("WebSocket (TCP)", webSocket) + row("UDP", udp);
    }

    private static String row(String name, LossyTraffic traffic) {
        return String.format(Locale.ROOT, "  %-21s %,9d %,9d %,13d %9.1f %9.1f %9.1f%n", name, traffic.messages(), traffic.lost(), traffic.reordered(),
                traffic.lateMillis(50), traffic.lateMillis(99), traffic.lateMillis(100));
    }

    /** As JSON has it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("loss_percent", lossPercent);
        if (!isMeasured()) {
            map.put("unable", unable);
            return map;
        }
        map.put("rate", feed.perSecond());
        map.put("size_bytes", feed.sizeBytes());
        map.put("websocket", webSocket.toMap());
        map.put("udp", udp.toMap());
        return map;
    }
}
