package dev.duplex.cli;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Reconnect;
import dev.duplex.netty.Reconnecting;
import dev.duplex.netty.UnixTarget;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Role;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code duplex connect}: a WebSocket for people and scripts. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "duplex connect [OPTION]... URL",
        description = {
            "Opens a WebSocket: lines of standard input become messages, messages are printed as they come.",
            "",
            "When the input ends, the connection is closed once the server has read everything and nothing more has come for the time of --wait.",
            "Control characters and invisible ones in messages are printed as escapes such as \\u001b, on a terminal and in a pipe.",
            "Binary messages are printed in hex.",
            "",
        },
        footer = {
            "",
            "Exit status: 0 if the connection was closed with 1000, 1001 or no code; 1 for every other end; 2 for wrong use.",
            "",
            "Examples:",
            "  duplex connect ws://127.0.0.1:8080/room/lobby",
            "  echo hi | duplex connect ws://127.0.0.1:8080/echo",
            "  duplex connect --proxy socks5h://127.0.0.1:1080 wss://example.com/feed",
            "  duplex connect ws+unix:/run/app.sock:/echo",
            "  duplex connect -v --compress --header 'Cookie: a=b' wss://example.com/feed",
        })
final class ConnectCommand implements Callable<Integer> {
    /** What an orderly end may take: the close handshake's 5 s, and TCP's. */
    private static final Duration END_WAIT = Duration.ofSeconds(7);

    @Parameters(paramLabel = "URL", description = "ws:// or wss://, such as ws://127.0.0.1:8080/echo; ws+unix:/run/app.sock:/echo through a Unix socket.")
    private String url;

    @Option(names = "--binary", description = "Send each line as a binary message, and print binary messages as they are.")
    private boolean binary;

    @Option(names = "--raw", description = "Write messages exactly as they came: no escapes, no line ends, no hex.")
    private boolean raw;

    @Option(names = "--wait", paramLabel = "TIME", defaultValue = "1.5s",
            description = "How long to wait for more messages after the input has ended; ${DEFAULT-VALUE}.")
    private Duration quiet;

    @Option(names = "--echo", description = "Send back every message until closed, and read no input.")
    private boolean echo;

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "One more header field of the request; may be repeated.")
    private List<String> headers = List.of();

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "The Origin header: the page one acts for.")
    private String origin;

    @Option(names = "--subprotocol", paramLabel = "NAME", split = ",", splitSynopsisLabel = ",", description = "Offer a subprotocol; may be repeated, the most wanted first.")
    private List<String> subprotocols = List.of();

    @Option(names = "--compress", description = "Offer compression (permessage-deflate).")
    private boolean compress;

    @Option(names = "--max-message-bytes", paramLabel = "BYTES", defaultValue = "1MiB",
            description = "Largest message accepted, such as 65536 or 16MiB; ${DEFAULT-VALUE}.")
    private Bytes maxMessageBytes;

    @Option(names = "--ping", paramLabel = "TIME", description = "Ping this often, such as 5s, and show the round trips.")
    private Duration ping;

    @Option(names = "--reconnect", description = "Connect again when the connection is lost, after delays that grow to 30 s.")
    private boolean reconnect;

    @Option(names = "--http2", description = "Speak HTTP/2 (RFC 8441): over TLS if the server does too, for ws:// whatever it is.")
    private boolean http2;

    @Mixin
    private ClientTlsOptions tls;

    @Mixin
    private ViaOptions proxies;

    @Option(names = {"-v", "--verbose"}, description = "Show the handshake, each frame and the close on standard error.")
    private boolean verbose;

    private final Streams streams;
    private Screen screen;
    private Dialogue dialogue;

    ConnectCommand(Streams streams) {
        this.streams = streams;
    }

    /** An attempt to talk: how to begin, how to end it with a code, and when it has ended and why. */
    private record Session(Runnable begin, IntConsumer close, CompletionStage<RuntimeException> ended) {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.set(verbose);
        screen = new Screen(streams, binary, raw);
        Consumer<Connection> opened = opened();
        dialogue = new Dialogue(screen, opened);
        CompletableFuture<Session> session = new CompletableFuture<>();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Stop stop = Stop.onSignal(() -> left(session, status));
        try (WebSocketClient client = client()) {
            session.complete(reconnect ? keepOpen(client, opened) : openOnce(client, opened));
            status.complete(untilEnded(session.join()));
            return status.join();
        } catch (ConnectFailedException failed) {
            throw Complaint.failure(failed.getMessage());
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        } finally {
            status.complete(1);
            stop.cancel();
        }
    }

    /** Whether an end is one that scripts need not worry about. */
    static boolean isGood(CloseReason reason) {
        return reason.isClean() && switch (reason.code()) {
            case CloseReason.NORMAL, CloseReason.GOING_AWAY, CloseReason.NO_CODE -> true;
            default -> false;
        };
    }

    private Session openOnce(WebSocketClient client, Consumer<Connection> opened) {
        if (echo) {
            return once(joined(client.open(uri(), new Echo(opened))), () -> {});
        }
        Conversation conversation = client.converse(uri());
        return once(conversation.connection(), () -> dialogue.begin(conversation));
    }

    private static Session once(Connection connection, Runnable begin) {
        return new Session(begin, code -> connection.close(code, ""), connection.closed().thenApply(ClosedException::new));
    }

    private Session keepOpen(WebSocketClient client, Consumer<Connection> opened) {
        Endpoint shown = Endpoint.conversation(dialogue);
        Endpoint endpoint = echo ? opening -> new Echo(opened) : opening -> {
            dialogue.expect();
            return shown.open(opening);
        };
        Reconnect policy = Reconnect.standard().telling(attempt -> screen.aside(attempt.cause().getMessage()
                + "; attempt " + attempt.number() + " in " + Durations.inMillis(attempt.delay())));
        Reconnecting kept = client.keepOpen(uri(), endpoint, policy);
        return new Session(() -> {}, code -> kept.close(), kept.ended());
    }

    private Consumer<Connection> opened() {
        Consumer<Connection> beat = ping == null ? connection -> {} : new Pings(ping, screen)::start;
        return connection -> {
            screen.hint("connected to " + url + (echo ? "" : "; Ctrl-D ends the input, Ctrl-C leaves at once"));
            beat.accept(connection);
        };
    }

    private int untilEnded(Session session) throws InterruptedException {
        CompletableFuture<Complaint> inputProblem = new CompletableFuture<>();
        session.begin().run();
        if (!echo) {
            Thread.ofPlatform().name("duplex-input").daemon().start(() -> pour(session, inputProblem));
        }
        RuntimeException why = joined(session.ended());
        dialogue.finish();
        if (inputProblem.isDone()) {
            throw inputProblem.join();
        }
        if (why instanceof ClosedException closed) {
            screen.closed(closed.reason());
            return isGood(closed.reason()) ? 0 : 1;
        }
        throw why;
    }

    private void pour(Session session, CompletableFuture<Complaint> problem) {
        try {
            new Outlet(streams.in(), binary).pour(dialogue);
            Outlet.settle(dialogue, quiet);
        } catch (Complaint wrongInput) {
            problem.complete(wrongInput);
        } catch (IOException unreadable) {
            problem.complete(Complaint.failure("standard input: " + unreadable.getMessage()));
        } catch (InterruptedException ending) {
            return;
        }
        session.close().accept(CloseReason.NORMAL);
    }

    /** Ctrl-C: this end goes away, and the status tells whether the server said goodbye. */
    private static int left(CompletableFuture<Session> session, CompletableFuture<Integer> status) {
        if (!session.isDone()) {
            return 1;
        }
        session.join().close().accept(CloseReason.GOING_AWAY);
        return status.completeOnTimeout(1, END_WAIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private WebSocketClient client() {
        int largest = maxMessageBytes.atMost(Limits.LARGEST_MESSAGE_BYTES, "--max-message-bytes");
        ClientBuilder builder = WebSocketClient.builder()
                .limits(Limits.defaults().withMaxMessageBytes(largest))
                .subprotocols(subprotocols.toArray(String[]::new));
        headers.forEach(header -> addHeader(builder, header));
        if (origin != null) {
            builder.origin(origin);
        }
        if (compress) {
            builder.deflate(DeflateOptions.defaults());
        }
        tls.in(builder);
        proxies.unix(uri()).ifPresent(target -> builder.unix(target.path()));
        if (http2) {
            builder.http2();
        }
        proxies.towards(uri()).ifPresent(proxy -> {
            builder.proxy(proxy);
            if (verbose) {
                screen.aside("through the proxy " + proxy);
            }
        });
        if (verbose) {
            builder.wire(opening -> new Trace(streams.err(), "", Role.CLIENT, streams.hasErrColours()));
        }
        return builder.build();
    }

    private static void addHeader(ClientBuilder builder, String header) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw Complaint.wrongUse("--header wants 'NAME: VALUE', not '" + header + "'");
        }
        builder.header(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }

    private URI uri() {
        try {
            URI uri = new URI(url);
            if (UnixTarget.isOne(uri) || uri.getHost() != null && ("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException notOne) {
            // said below
        }
        throw Complaint.wrongUse("'" + url + "' is not the address of a WebSocket, such as ws://127.0.0.1:8080/echo");
    }

    private static <T> T joined(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
