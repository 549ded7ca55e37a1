package dev.duplex.protocol;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Masking beside the copy of as much memory, which bounds it.
 *
 * <p>This package, on the class path, is how benchmarks reach what the engine keeps to itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskingBenchmark {
    private static final int KEY = 0x37fa213d;

    @Param({"125", "1024", "16384", "1048576"})
    int bytes;

    private byte[] from;
    private byte[] to;

    @Setup
    public void fill() {
        from = new byte[bytes];
        to = new byte[bytes];
    }

    @Benchmark
    public byte[] inPlace() {
        Masking.apply(from, 0, bytes, KEY);
        return from;
    }

    @Benchmark
    public byte[] copyOfMemory() {
        System.arraycopy(from, 0, to, 0, bytes);
        return to;
    }
}
