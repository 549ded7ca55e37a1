package dev.duplex.cli;

import dev.duplex.netty.ServerBuilder;
import picocli.CommandLine.Option;

/** Where a server listens, beside a port of its own: a Unix socket, a port that it shares, or what systemd passes on. */
final class ListenOptions {
    private static final String ALL = "rwxrwxrwx";

    @Option(names = "--unix", paramLabel = "PATH", description = "Listen on this Unix socket instead of a port; @NAME for an abstract one, which has no file.")
    private String path;

    @Option(names = "--unix-mode", paramLabel = "MODE", defaultValue = "660", description = "Who may connect to it, as for chmod; ${DEFAULT-VALUE}.")
    private String mode;

    @Option(names = "--reuse-port", description = "Let other servers that say so too listen on the same port (SO_REUSEPORT).")
    private boolean reusePort;

    void in(ServerBuilder builder) {
        builder.inherit();
        if (reusePort) {
            builder.reusePort();
        }
        if (path == null) {
            return;
        }
        if (path.length() < (path.startsWith("@") ? 2 : 1) || !mode.matches("0?[0-7]{3}")) {
            throw Complaint.wrongUse("--unix wants a path, and --unix-mode three octal digits, such as 660");
        }
        builder.unix(path, permissions(Integer.parseInt(mode, 8)));
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
