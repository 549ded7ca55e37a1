package dev.duplex.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That each benchmark still runs; what it measures here means nothing. */
class BenchmarksTest {

    @Test
    void eachPartCanBeMeasured() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include("dev\\.duplex\\.protocol\\..*")
                .param("bytes", "125").param("payloadBytes", "125")
                .forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
        assertThat(results).hasSize(18);
    }
}
