package dev.duplex.bench;

import dev.duplex.bench.Timetable.Part;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The race: each server on one core, the load on the other, one server at a time.
 *
 * <pre>
 *   starts   duplex serve to its first echo, with and without its AOT cache
 *   for each case:
 *     warm-up   each server in turn, until it has settled; its process stays for the rounds and the cases to come
 *     rounds    each server in turn; each round begins with another, so that what disturbs the machine for a while disturbs all
 *   memory   rounds of idle connections, each on a fresh process
 * </pre>
 *
 * <p>A case's rounds follow each other, so a race that is stopped has whole cases to show; and it does show them.
 */
@Command(name = "./check race", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Races Duplex's server against others: processor time for each message, speed, latency, memory.")
public final class Race implements Callable<Integer> {
    /** Load before each measurement of a server that is warm: connections have to be opened and caches filled. */
    private static final Duration LEAD = Duration.ofSeconds(1);

    @Option(names = "--cases", paramLabel = "ID", split = ",", description = "Only these cases: ${COMPLETION-CANDIDATES}.", completionCandidates = CaseIds.class)
    private List<String> caseIds = List.of();

    @Option(names = "--servers", paramLabel = "ID", split = ",", description = "Only these servers: ${COMPLETION-CANDIDATES}.", completionCandidates = ServerIds.class)
    private List<String> serverIds = List.of();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How often each is measured; ${DEFAULT-VALUE}. The median counts.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "10", description = "The longest warm-up of a server in a case; ${DEFAULT-VALUE}. It ends when 3 s have brought nothing.")
    private double warmUpSeconds;

    @Option(names = "--duration", paramLabel = "SECONDS", defaultValue = "1.5", description = "Of each measurement; ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--server-core", paramLabel = "N", defaultValue = "0", description = "The core of the servers; ${DEFAULT-VALUE}. The load has the one that taskset gave to this process.")
    private String core;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "7", description = "How often the start of duplex serve is measured; ${DEFAULT-VALUE}, 0 for never.")
    private int starts;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "bench/target/race/results", description = "Write benchmarks.md, .json and .svg there; ${DEFAULT-VALUE}.")
    private Path out;

    private final PrintStream screen;
    private final Setup setup;
    private final Results results = new Results();
    private final Timetable timetable = new Timetable();
    private List<Case> cases;
    private List<Contestant> contestants;
    private long begun;

    /** @param root the project's directory */
    Race(Path root, PrintStream screen) {
        setup = new Setup(root);
        this.screen = screen;
    }

    /** The identifiers of all cases. */
    static final class CaseIds extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        CaseIds() {
            super(Arrays.stream(Case.values()).map(race -> race.id).toList());
        }
    }

    /** The identifiers of all contestants. */
    static final class ServerIds extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ServerIds() {
            super(Arrays.stream(Contestant.values()).map(contestant -> contestant.id).toList());
        }
    }

    public static void main(String... args) {
        CommandLine line = new CommandLine(new Race(Path.of("").toAbsolutePath(), System.out));
        line.setExecutionExceptionHandler((failed, command, given) -> {
            System.err.println("race: " + failed.getMessage());
            return 1;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        known(caseIds, new CaseIds());
        known(serverIds, new ServerIds());
        cases = Arrays.stream(Case.values()).filter(race -> caseIds.isEmpty() || caseIds.contains(race.id)).toList();
        contestants = Arrays.stream(Contestant.values()).filter(one -> serverIds.isEmpty() || serverIds.contains(one.id)).toList();
        setup.prepare(contestants);
        plan();
        Thread stopped = new Thread(this::stop);
        Runtime.getRuntime().addShutdownHook(stopped);
        try (Servers servers = new Servers(setup, core)) {
            starts();
            for (Case race : cases) {
                if (race != Case.IDLE) {
                    race(race, servers);
                    write();
                }
            }
        }
        if (cases.contains(Case.IDLE)) {
            idle();
        }
        Runtime.getRuntime().removeShutdownHook(stopped);
        results.end(true);
        results.print(screen, cases);
        screen.println("written to " + write());
        return 0;
    }

    private void known(List<String> given, List<String> all) {
        for (String id : given) {
            if (!all.contains(id)) {
                throw new CommandLine.ParameterException(new CommandLine(this), "'" + id + "' is none of " + String.join(", ", all));
            }
        }
    }

    /** Says how long it will take. */
    private void plan() {
        int busy = cases.stream().filter(race -> race != Case.IDLE).mapToInt(race -> able(race).size()).sum();
        timetable.plan(Part.START, contestants.contains(Contestant.DUPLEX) && starts > 0 ? 1 : 0, 4 + starts * 2.5);
        timetable.plan(Part.WARM_UP, busy, Math.min(warmUpSeconds, 7.5) + 2);
        timetable.plan(Part.MEASUREMENT, rounds * busy, lead().toMillis() / 1e3 + seconds + 0.4);
        timetable.plan(Part.IDLE, cases.contains(Case.IDLE) ? rounds * contestants.size() : 0, 23);
        begun = System.nanoTime();
        screen.printf("%d servers, %d cases, %d rounds: about %d min%n", contestants.size(), cases.size(), rounds, timetable.left().plusSeconds(30).toMinutes());
    }

    private List<Contestant> able(Case race) {
        return contestants.stream().filter(one -> one.canDo(race)).toList();
    }

    private void starts() throws IOException, InterruptedException {
        if (contestants.contains(Contestant.DUPLEX) && starts > 0) {
            long from = System.nanoTime();
            results.addStarts(new StartUp(setup).measure(starts));
            done(Part.START, from, "start of duplex serve, " + starts + " times each way");
        }
    }

    private void race(Case race, Servers servers) throws InterruptedException {
        List<Contestant> warm = new ArrayList<>();
        for (Contestant contestant : able(race)) {
            long from = System.nanoTime();
            String said = attempt(contestant, race, 0, () -> {
                WarmUp.Result warmUp = WarmUp.of(contestant, race, servers.get(contestant, race.hasTls()), warmUp());
                results.add(warmUp);
                warm.add(contestant);
                return "%-15s %-16s warm after %.1f s%s".formatted(race.id, contestant.id, warmUp.took().toMillis() / 1e3, warmUp.hasSettled() ? "" : ", not settled");
            });
            done(Part.WARM_UP, from, "-  " + said);
        }
        for (int round = 1; round <= rounds; round++) {
            int number = round;
            for (Contestant contestant : inOrder(warm, round)) {
                measure(Part.MEASUREMENT, contestant, race, round,
                        () -> Measurement.of(contestant, race, number, servers.get(contestant, race.hasTls()), lead(), duration()));
            }
        }
        int missing = rounds * (able(race).size() - warm.size());
        for (int i = 0; i < missing; i++) {
            timetable.done(Part.MEASUREMENT, Duration.ZERO);
        }
    }

    private void idle() throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            int number = round;
            for (Contestant contestant : inOrder(contestants, round)) {
                measure(Part.IDLE, contestant, Case.IDLE, round, () -> {
                    try (ServerProcess fresh = ServerProcess.start(contestant, setup, core, false)) {
                        return IdleMemory.measure(contestant, number, fresh);
                    }
                });
            }
            write();
        }
    }

    private static List<Contestant> inOrder(List<Contestant> all, int round) {
        List<Contestant> order = new ArrayList<>(all);
        Collections.rotate(order, 1 - round);
        return order;
    }

    private interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    private void measure(Part part, Contestant contestant, Case race, int round, Attempt<Measurement> measurement) throws InterruptedException {
        long from = System.nanoTime();
        String said = attempt(contestant, race, round, () -> {
            Measurement one = measurement.make();
            results.add(one);
            return Results.line(one);
        });
        done(part, from, round + "  " + said);
    }

    /** What fails is told in the results, and stops nobody else. */
    private String attempt(Contestant contestant, Case race, int round, Attempt<String> what) throws InterruptedException {
        try {
            return what.make();
        } catch (IOException | RuntimeException failed) {
            results.addFailure(contestant.title + ", " + race.id + (round == 0 ? ", warm-up: " : ", round " + round + ": ") + failed.getMessage());
            return "%-15s %-16s failed: %s".formatted(race.id, contestant.id, failed.getMessage());
        }
    }

    private void done(Part part, long from, String said) {
        long now = System.nanoTime();
        timetable.done(part, Duration.ofNanos(now - from));
        screen.printf("%s, %s left  %s%n", Timetable.text(Duration.ofNanos(now - begun)), Timetable.text(timetable.left()), said);
    }

    /** Somebody ends the race early. */
    private void stop() {
        try {
            results.end(false);
            screen.println("stopped; what there is, is in " + write());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not at once by the race and by whoever ends it. */
    private synchronized Path write() throws IOException {
        Path directory = setup.root().resolve(out);
        new Report(setup, results, cases, contestants, rounds, warmUp(), duration()).write(directory);
        return directory;
    }

    private Duration warmUp() {
        return Duration.ofMillis((long) (warmUpSeconds * 1000));
    }

    private Duration lead() {
        return warmUp().compareTo(LEAD) < 0 ? warmUp() : LEAD;
    }

    private Duration duration() {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
