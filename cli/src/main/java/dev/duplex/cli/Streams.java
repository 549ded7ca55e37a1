package dev.duplex.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command reads and writes: always UTF-8, whatever the locale says.
 *
 * @param in standard input
 * @param out standard output, flushed by whoever writes
 * @param err standard error, flushed at each line
 * @param isOutTerminal whether a person sees {@code out}
 * @param isErrTerminal whether a person sees {@code err}
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, boolean isOutTerminal, boolean isErrTerminal) {

    /** Those of this process. */
    static Streams ofProcess() {
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Streams(new FileInputStream(FileDescriptor.in), out, err, isTerminal(1), isTerminal(2));
    }

    /** Streams that nobody sees on a terminal. */
    public static Streams of(InputStream in, PrintStream out, PrintStream err) {
        return new Streams(in, out, err, false, false);
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    boolean hasOutColours() {
        return isOutTerminal && wantsColours();
    }

    boolean hasErrColours() {
        return isErrTerminal && wantsColours();
    }

    private static boolean wantsColours() {
        return System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    }

    /** Linux tells of each stream by itself; elsewhere Java only tells whether input and output both are a terminal. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException noProc) {
            return System.console() != null;
        }
    }
}
