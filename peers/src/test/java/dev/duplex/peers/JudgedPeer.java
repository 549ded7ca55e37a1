package dev.duplex.peers;

import dev.duplex.conformance.Checker;
import dev.duplex.conformance.ClientCheck;
import dev.duplex.conformance.Options;
import dev.duplex.conformance.Progress;
import dev.duplex.conformance.Report;
import io.netty.util.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.util.Jetty;

/** What of other makers our checker judges, with the version that it is judged in. */
enum JudgedPeer {
    NODE_WS_SERVER("Node `ws`, server") {
        @Override
        String version() {
            return NodeModules.version("ws");
        }

        @Override
        Report judge(Options options) throws Exception {
            return script(ForeignServer.NODE_WS, options);
        }
    },
    NODE_WS_CLIENT("Node `ws`, client") {
        @Override
        String version() {
            return NodeModules.version("ws");
        }

        @Override
        Report judge(Options options) throws Exception {
            return client(NodeModules.node(), "ws.mjs", options);
        }
    },
    PYTHON_WEBSOCKETS_SERVER("Python `websockets`, server") {
        @Override
        String version() {
            return pythonVersion();
        }

        @Override
        Report judge(Options options) throws Exception {
            return script(ForeignServer.PYTHON_WEBSOCKETS, options);
        }
    },
    PYTHON_WEBSOCKETS_CLIENT("Python `websockets`, client") {
        @Override
        String version() {
            return pythonVersion();
        }

        @Override
        Report judge(Options options) throws Exception {
            return client(Programs.pythonWith("websockets"), "python_websockets.py", options);
        }
    },
    JETTY("Jetty, server") {
        @Override
        String version() {
            return Jetty.VERSION;
        }

        @Override
        Report judge(Options options) throws Exception {
            try (JettyEcho jetty = new JettyEcho()) {
                return server(jetty.port(), options);
            }
        }
    },
    NETTY("Netty, server") {
        @Override
        String version() {
            return Version.identify().get("netty-codec-http").artifactVersion();
        }

        @Override
        Report judge(Options options) throws Exception {
            try (NettyEcho netty = new NettyEcho()) {
                return server(netty.port(), options);
            }
        }
    };

    private static final Progress SILENT = (agent, result, done, total) -> { };
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final String title;

    JudgedPeer(String title) {
        this.title = title;
    }

    /** The version that is here; a peer that is not installed leaves the test out. */
    abstract String version();

    /** Plays the cases. */
    abstract Report judge(Options options) throws Exception;

    /** What the page on conformance calls it. */
    String title() {
        return title;
    }

    private static Report server(int port, Options options) throws IOException, InterruptedException {
        return Checker.server(URI.create("ws://127.0.0.1:" + port + "/echo"), "peer", options, SILENT);
    }

    private static Report script(ForeignServer which, Options options) throws IOException, InterruptedException {
        try (Peer server = which.start()) {
            return server(((Number) server.event().get("port")).intValue(), options);
        }
    }

    private static Report client(Path program, String file, Options options) throws IOException, InterruptedException {
        try (ClientCheck check = Checker.clients(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options, SILENT)) {
            Process client = new ProcessBuilder(program.toString(), Programs.resource("judged").resolve(file).toString(), "ws://127.0.0.1:" + check.port())
                    .redirectErrorStream(true).redirectOutput(Programs.log("judged-" + file)).start();
            try {
                return check.awaitReport(SILENCE);
            } finally {
                Programs.end(client);
            }
        }
    }

    private static String pythonVersion() {
        Path python = Programs.pythonWith("websockets");
        Programs.mustRun(new ProcessBuilder(python.toString(), "-c", "import websockets.version; print(websockets.version.version)"), "websockets-version");
        try {
            return Files.readString(Programs.log("websockets-version").toPath()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
