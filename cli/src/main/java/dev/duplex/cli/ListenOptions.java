package dev.duplex.cli;

import dev.duplex.netty.IoTransport;
import dev.duplex.netty.ServerBuilder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a server listens, beside a port of its own: a Unix socket, a port that it shares, or what systemd passes on. */
final class ListenOptions {
    private static final String ALL = "rwxrwxrwx";

    @Option(names = "--unix", paramLabel = "PATH", description = "Listen on this Unix socket instead of a port; @NAME for an abstract one, which has no file.")
    private String path;

    @Option(names = "--unix-mode", paramLabel = "MODE", description = "Who may connect to it, as for chmod (660).")
    private String mode;

    @Option(names = "--reuse-port", description = "Let other servers that say so too listen on the same port (SO_REUSEPORT).")
    private boolean reusePort;

    @Option(names = "--transport", paramLabel = "KIND", converter = Kinds.class, completionCandidates = Kinds.class,
            description = "What moves the bytes: epoll or io_uring, on Linux, or nio; or best, as without it: epoll where there is one.")
    private IoTransport transport = IoTransport.BEST;

    /** The names as they are written. */
    static final class Kinds implements ITypeConverter<IoTransport>, Iterable<String> {
        @Override
        public IoTransport convert(String name) {
            return Arrays.stream(IoTransport.values()).filter(kind -> kind.name().equalsIgnoreCase(name)).findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + name + "' is none of " + String.join(", ", this)));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(IoTransport.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)).iterator();
        }
    }

    void in(ServerBuilder builder) {
        if (mode != null && path == null) {
            throw Complaint.wrongUse("--unix-mode is for --unix");
        }
        if (reusePort && path != null) {
            throw Complaint.wrongUse("--reuse-port is for a port; leave it out with --unix");
        }
        builder.inherit().transport(transport);
        if (reusePort) {
            builder.reusePort();
        }
        if (path == null) {
            return;
        }
        String octal = mode == null ? "660" : mode;
        if (path.length() < (path.startsWith("@") ? 2 : 1) || !octal.matches("0?[0-7]{3}")) {
            throw Complaint.wrongUse("--unix wants a path, and --unix-mode three octal digits, such as 660");
        }
        builder.unix(path, permissions(Integer.parseInt(octal, 8)));
    }

    private static String permissions(int bits) {
        StringBuilder written = new StringBuilder(ALL);
        for (int i = 0; i < ALL.length(); i++) {
            if ((bits >> ALL.length() - 1 - i & 1) == 0) {
                written.setCharAt(i, '-');
            }
        }
        return written.toString();
    }
}
