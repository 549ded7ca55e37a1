package dev.duplex.bench;

import dev.duplex.load.LoadObserver;
import dev.duplex.load.LoadProgress;
import dev.duplex.load.LoadReport;
import dev.duplex.load.LoadRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One contestant in one case in one round.
 *
 * @param cpuMicros the server's processor time for one message; NaN where none was sent
 * @param serverBusy the part of its core that the server used
 * @param residentBytes the server's memory at the end; of idle connections what each of them added
 * @param liveBytes heap that each idle connection added, after a collection; -1 where that cannot be told
 * @param load what the load generator saw
 */
record Measurement(Contestant contestant, Case race, int round, double cpuMicros, double serverBusy, long residentBytes, long liveBytes, LoadReport load) {

    /** Puts a case's load on a server and takes the server's processor time at both ends of the measurement. @param lead load before it */
    static Measurement of(Contestant contestant, Case race, int round, ServerProcess server, Duration lead, Duration duration) throws InterruptedException {
        Window window = new Window(server);
        LoadRun run = new LoadRun(race.plan(server.port(), contestant.path(race), lead, duration), window);
        LoadReport load = Loads.run(run, lead.plus(duration));
        double micros = load.count() == 0 ? Double.NaN : window.cpu.toNanos() / 1e3 / load.count();
        double busy = (double) window.cpu.toNanos() / Math.max(1, load.elapsed().toNanos());
        return new Measurement(contestant, race, round, micros, busy, server.residentBytes(), -1, load);
    }

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

    /** What went wrong; empty for nothing. */
    List<String> faults() {
        if (!load.isFaultless()) {
            return load.faults().isEmpty() ? List.of("answers were wrong, or did not come") : load.faults();
        }
        if (load.count() == 0) {
            return List.of("no answer came in time");
        }
        return race == Case.DEFLATE && load.compressedCount() == 0 ? List.of("answers came uncompressed") : List.of();
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("server", contestant.id);
        map.put("case", race.id);
        map.put("round", round);
        if (!Double.isNaN(cpuMicros)) {
            map.put("cpuMicrosPer" + Character.toUpperCase(race.unit.charAt(0)) + race.unit.substring(1), cpuMicros);
        }
        map.put("serverBusy", serverBusy);
        map.put("residentBytes", residentBytes);
        if (liveBytes >= 0) {
            map.put("liveBytes", liveBytes);
        }
        map.put("load", load.toMap());
        return map;
    }
}
