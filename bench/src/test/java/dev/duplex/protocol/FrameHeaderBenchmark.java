package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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

/** A frame header read with all its rules, and written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameHeaderBenchmark {
    private static final int TEXT = FrameHeader.FIN | Opcode.TEXT;

    @Param({"125", "16384", "1048576"})
    int payloadBytes;

    private final FrameReader reader = new FrameReader(Role.SERVER, false);
    private final ByteBuffer written = ByteBuffer.allocateDirect(FrameHeader.MAX_BYTES);
    private ByteBuffer header;

    @Setup
    public void write() {
        header = ByteBuffer.allocateDirect(FrameHeader.MAX_BYTES);
        FrameHeader.put(header, TEXT, payloadBytes, true);
        header.putInt(0x37fa213d).flip();
    }

    @Benchmark
    public long read() {
        header.rewind();
        reader.readHeader(header, false);
        reader.endFrame();
        return reader.payloadBytes();
    }

    @Benchmark
    public ByteBuffer put() {
        written.clear();
        FrameHeader.put(written, TEXT, payloadBytes, false);
        return written;
    }
}
