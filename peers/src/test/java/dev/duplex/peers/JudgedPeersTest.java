package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.conformance.Options;
import dev.duplex.conformance.Report;
import dev.duplex.conformance.Result;
import dev.duplex.conformance.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our checker blames peers of other makers for what {@code docs/conformance.md} explains, case by case, and for nothing else. */
@Tag("slow")
class JudgedPeersTest {
    /** Every case of the quick set, with less in each; a peer that is silent on purpose is not waited for long. */
    private static final Options SMALL = Options.quick().maxMessageBytes(65_536).messages(1).patience(Duration.ofSeconds(8));

    /** For what failed and should not have: this machine may have been too busy. */
    private static final Options PATIENT = SMALL.jobs(1).patience(Duration.ofSeconds(30));

    private static final int PEERS_AT_A_TIME = 3;
    private static final Map<JudgedPeer, Future<Report>> REPORTS = new EnumMap<>(JudgedPeer.class);

    /** Some at once: a check often waits. */
    @BeforeAll
    static void judge() {
        ExecutorService judges = Executors.newFixedThreadPool(PEERS_AT_A_TIME);
        for (JudgedPeer peer : JudgedPeer.values()) {
            REPORTS.put(peer, judges.submit(() -> peer.judge(SMALL)));
        }
        judges.shutdown();
    }

    @ParameterizedTest
    @EnumSource
    void eachFailIsExplained(JudgedPeer peer) throws Throwable {
        Explained explained = Explained.of(peer);
        Report report = report(peer);
        assertThat(report.death()).isEmpty();
        Map<String, String> fails = fails(report);
        Set<String> surprises = new TreeSet<>(fails.keySet());
        surprises.removeAll(explained.cases());
        if (!surprises.isEmpty()) {
            Map<String, String> again = fails(peer.judge(PATIENT.only(List.copyOf(surprises))));
            surprises.retainAll(again.keySet());
            fails.keySet().removeIf(id -> !explained.cases().contains(id) && !surprises.contains(id));
        }
        assertThat(surprises).as(() -> fails.toString()).isEmpty();
        assertThat(fails.keySet()).containsAll(explained.always());
    }

    private static Map<String, String> fails(Report report) {
        return report.results().stream().filter(r -> r.verdict() == Verdict.FAIL)
                .collect(Collectors.toMap(Result::id, r -> "\n" + r.title() + ": " + r.sentence(), (a, b) -> a, LinkedHashMap::new));
    }

    /** What is not installed aborts the test that asks. */
    private static Report report(JudgedPeer peer) throws Throwable {
        try {
            return REPORTS.get(peer).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
