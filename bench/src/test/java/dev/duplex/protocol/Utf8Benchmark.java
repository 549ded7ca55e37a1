package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;
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

/** UTF-8 validation of 4 KiB of text: one byte a character, three, and a mix with four. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Utf8Benchmark {
    private static final int BYTES = 4096;

    /** What the text is made of. */
    public enum Script {
        ASCII("{\"id\":1,\"name\":\"price\"},"),
        KOREAN("모든 인간은 태어날 때부터 자유로우며 "),
        EMOJI("so happy 😀 to see you 👋🏽 ");

        private final String sample;

        Script(String sample) {
            this.sample = sample;
        }
    }

    @Param
    Script script;

    private byte[] text;

    @Setup
    public void fill() {
        StringBuilder whole = new StringBuilder(BYTES + 100);
        while (whole.toString().getBytes(StandardCharsets.UTF_8).length < BYTES) {
            whole.append(script.sample);
        }
        text = whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public boolean validate() {
        return Utf8Validator.isValid(text);
    }

    /** What the JDK takes to validate and decode: nobody should pay that for an echo. */
    @Benchmark
    public String decode() {
        return new String(text, StandardCharsets.UTF_8);
    }
}
