package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One message of 512 B of JSON compressed, and inflated again, with and without a context that is kept. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeflateBenchmark {
    private static final int BYTES = 512;

    @Param({"false", "true"})
    boolean keepsContext;

    private final byte[] inflated = new byte[BYTES];
    private byte[] text;
    private byte[] compressed;
    private Compressor compressor;
    private Decompressor decompressor;

    @Setup
    public void fill() {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; json.length() < BYTES; i++) {
            json.append("{\"id\":").append(i * 7919).append(",\"symbol\":\"S").append(i % 17).append("\",\"price\":").append(i * 1.37).append("},");
        }
        text = json.substring(0, BYTES).getBytes(StandardCharsets.US_ASCII);
        compressor = new Compressor(6, 15, keepsContext);
        decompressor = new Decompressor(15, keepsContext);
        ByteBuffer once = new Compressor(6, 15, false).deflate(text, 0, BYTES, true);
        compressed = new byte[once.remaining()];
        once.get(compressed);
    }

    @TearDown
    public void release() {
        compressor.release();
        decompressor.release();
    }

    @Benchmark
    public ByteBuffer deflate() {
        return compressor.deflate(text, 0, BYTES, true);
    }

    @Benchmark
    public int inflate() throws DataFormatException {
        decompressor.feed(compressed, 0, compressed.length, true);
        int bytes = decompressor.inflate(inflated, 0, BYTES);
        while (decompressor.inflate(inflated, 0, BYTES) > 0) {
            throw new IllegalStateException("more came out than went in");
        }
        return bytes;
    }
}
