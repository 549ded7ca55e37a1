package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What a command printed, and its exit status. */
record Ran(int status, byte[] outBytes, String err) {

    /** Runs a command in this process with an input. */
    static Ran duplex(byte[] in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(Streams.of(new ByteArrayInputStream(in), new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8)), args);
        return new Ran(status, out.toByteArray(), err.toString(UTF_8));
    }

    static Ran duplex(String in, String... args) {
        return duplex(in.getBytes(UTF_8), args);
    }

    String out() {
        return new String(outBytes, UTF_8);
    }
}
