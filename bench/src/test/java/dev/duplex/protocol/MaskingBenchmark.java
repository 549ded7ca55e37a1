package dev.duplex.protocol;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Masking beside the copy of as much memory, which bounds it; {@code :masked} and {@code :copied} are bytes a second.
 *
 * <p>This package, on the class path, is how benchmarks reach what the engine keeps to itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskingBenchmark {
    private static final int KEY = 0x37fa213d;

    @Param({"125", "1024", "16384", "1048576"})
    int bytes;

    private byte[] from;
    private byte[] to;

    /** What JMH shows beside the operations, by the second as well. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Masked {
        public long masked;
    }

    /** The same for the copy. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Copied {
        public long copied;
    }

    @Setup
    public void fill() {
        from = new byte[bytes];
        to = new byte[bytes];
    }

    @Benchmark
    public byte[] inPlace(Masked counter) {
        Masking.apply(from, 0, bytes, KEY);
        counter.masked += bytes;
        return from;
    }

    @Benchmark
    public byte[] copyOfMemory(Copied counter) {
        System.arraycopy(from, 0, to, 0, bytes);
        counter.copied += bytes;
        return to;
    }
}
