package dev.duplex.bench;

import dev.duplex.load.LoadFailedException;
import dev.duplex.load.LoadObserver;
import dev.duplex.load.LoadProgress;
import dev.duplex.load.LoadReport;
import dev.duplex.load.LoadRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The race: each server on one core, the load on the other, one server after the other, in rounds.
 *
 * <p>Rounds lie between each other's, and each begins with another server, so that what disturbs the machine for a while disturbs
 * no contestant alone. A server stays up from round to round, so that Java's compilers have done their work by the second.
 */
@Command(name = "./check race", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Races Duplex's server against others: processor time for each message, speed, latency, memory.")
public final class Race implements Callable<Integer> {
    /** How long a fresh server opens and closes connections before its memory is looked at: compilers take some too. */
    private static final Duration MEMORY_WARM_UP = Duration.ofSeconds(5);

    @Option(names = "--cases", paramLabel = "ID", split = ",", description = "Only these cases: ${COMPLETION-CANDIDATES}.", completionCandidates = CaseIds.class)
    private List<String> caseIds = List.of();

    @Option(names = "--servers", paramLabel = "ID", split = ",", description = "Only these servers: ${COMPLETION-CANDIDATES}.", completionCandidates = ServerIds.class)
    private List<String> serverIds = List.of();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How often each is measured; ${DEFAULT-VALUE}. The median counts.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "5", description = "Load before each measurement of the first round; ${DEFAULT-VALUE}. In later rounds, when the server is warm, a fifth of it.")
    private double warmUpSeconds;

    @Option(names = "--duration", paramLabel = "SECONDS", defaultValue = "2", description = "Of each measurement; ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--server-core", paramLabel = "N", defaultValue = "0", description = "The core of the servers; ${DEFAULT-VALUE}. The load has the one that taskset gave to this process.")
    private String core;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "7", description = "How often the start of duplex serve is measured; ${DEFAULT-VALUE}, 0 for never.")
    private int starts;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "bench/target/race/results", description = "Write benchmarks.md, .json and .svg there; ${DEFAULT-VALUE}.")
    private Path out;

    private final PrintStream screen;
    private final List<Measurement> measured = new ArrayList<>();
    private final Map<String, ServerProcess> running = new HashMap<>();
    private final Setup setup;

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
        List<Case> cases = Arrays.stream(Case.values()).filter(race -> caseIds.isEmpty() || caseIds.contains(race.id)).toList();
        List<Contestant> contestants = Arrays.stream(Contestant.values())
                .filter(one -> serverIds.isEmpty() || serverIds.contains(one.id)).toList();
        setup.prepare(contestants);
        try {
            for (int round = 1; round <= rounds; round++) {
                List<Contestant> order = new ArrayList<>(contestants);
                Collections.rotate(order, 1 - round);
                for (Contestant contestant : order) {
                    round(contestant, cases, round);
                }
            }
        } finally {
            running.values().forEach(ServerProcess::close);
        }
        List<StartUp.Result> started = contestants.contains(Contestant.DUPLEX) && starts > 0 ? new StartUp(setup).measure(starts) : List.of();
        Results results = new Results(measured, started);
        results.print(screen, cases);
        Path directory = setup.root().resolve(out);
        new Report(setup, results, cases, contestants, rounds, warmUp(), duration()).write(directory);
        screen.println("written to " + directory);
        return 0;
    }

    private void known(List<String> given, List<String> all) {
        for (String id : given) {
            if (!all.contains(id)) {
                throw new CommandLine.ParameterException(new CommandLine(this), "'" + id + "' is none of " + String.join(", ", all));
            }
        }
    }

    private void round(Contestant contestant, List<Case> cases, int round) throws InterruptedException {
        List<Case> possible = cases.stream().filter(contestant::canDo).toList();
        run(contestant, possible.stream().filter(race -> !race.hasTls() && race != Case.IDLE).toList(), round);
        run(contestant, possible.stream().filter(Case::hasTls).toList(), round);
        run(contestant, possible.stream().filter(race -> race == Case.IDLE).toList(), round);
    }

    /** Runs cases on one server process, which stays for the next round, and warm; memory is measured on a fresh one. */
    private void run(Contestant contestant, List<Case> cases, int round) throws InterruptedException {
        if (cases.isEmpty()) {
            return;
        }
        boolean hasTls = cases.getFirst().hasTls();
        try {
            if (cases.contains(Case.IDLE)) {
                try (ServerProcess fresh = ServerProcess.start(contestant, setup, core, false)) {
                    measure(contestant, Case.IDLE, round, fresh);
                }
                return;
            }
            String key = contestant.id + hasTls;
            if (!running.containsKey(key)) {
                running.put(key, ServerProcess.start(contestant, setup, core, hasTls));
            }
            for (Case race : cases) {
                measure(contestant, race, round, running.get(key));
            }
        } catch (IOException failed) {
            screen.println(contestant.title + ": " + failed.getMessage());
        }
    }

    private void measure(Contestant contestant, Case race, int round, ServerProcess server) throws IOException, InterruptedException {
        try {
            Measurement measurement = race == Case.IDLE ? idle(contestant, round, server) : busy(contestant, race, round, server);
            measured.add(measurement);
            screen.println(Results.line(measurement));
        } catch (LoadFailedException | IllegalStateException failed) {
            screen.printf("%d  %-15s %-16s failed: %s%n", round, race.id, contestant.id, failed.getMessage());
        }
    }

    private Measurement busy(Contestant contestant, Case race, int round, ServerProcess server) throws InterruptedException {
        Window window = new Window(server);
        LoadReport load = new LoadRun(race.plan(server.port(), contestant.path(race), round == 1 ? warmUp() : warmUp().dividedBy(5), duration()), window).run();
        return Measurement.of(contestant, race, round, window.cpu, server.residentBytes(), load);
    }

    /** The server's processor time, taken at both ends of the measurement. */
    private static final class Window implements LoadObserver {
        private final ServerProcess server;
        private Duration before = Duration.ZERO;
        private Duration cpu = Duration.ZERO;

        Window(ServerProcess server) {
            this.server = server;
        }

        @Override
        public void progress(LoadProgress progress) {
            // The race prints results alone.
        }

        @Override
        public void begun() {
            before = server.cpu();
        }

        @Override
        public void ended() {
            cpu = server.cpu().minus(before);
        }
    }

    /** Memory with 10,000 connections less memory without, after the server has worked a little; garbage collected both times. */
    private Measurement idle(Contestant contestant, int round, ServerProcess server) throws IOException, InterruptedException {
        new LoadRun(Case.HANDSHAKE.plan(server.port(), contestant.path(Case.ECHO), Duration.ZERO, MEMORY_WARM_UP), LoadObserver.NONE).run();
        long liveBefore = server.liveBytes(contestant);
        long residentBefore = server.residentBytes();
        long[] after = new long[2];
        LoadObserver atTheEnd = new LoadObserver() {
            @Override
            public void progress(LoadProgress progress) {
                // The race prints results alone.
            }

            @Override
            public void ended() {
                try {
                    after[0] = server.liveBytes(contestant);
                    after[1] = server.residentBytes();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException("memory cannot be told: " + e.getMessage(), e);
                }
            }
        };
        LoadReport load = new LoadRun(Case.IDLE.plan(server.port(), contestant.path(Case.ECHO), Duration.ZERO, MEMORY_WARM_UP), atTheEnd).run();
        long count = Math.max(1, load.count());
        return new Measurement(contestant, Case.IDLE, round, Double.NaN, 0, (after[1] - residentBefore) / count,
                contestant.isJava() ? (after[0] - liveBefore) / count : -1, load);
    }

    private Duration warmUp() {
        return Duration.ofMillis((long) (warmUpSeconds * 1000));
    }

    private Duration duration() {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
