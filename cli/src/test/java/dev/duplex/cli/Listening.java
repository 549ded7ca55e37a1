package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A {@code duplex check --listen} that runs in this process on a free port, and our client that it judges. */
final class Listening {
    private static final int CLIENTS_AT_A_TIME = 4;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final BufferedReader out;
    private final String base;

    Listening(String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("check", "--listen", "0"));
        args.addAll(List.of(options));
        PipedInputStream pipe = new PipedInputStream(1 << 20);
        PrintStream toPipe = new PrintStream(new PipedOutputStream(pipe), false, UTF_8);
        Streams streams = Streams.of(InputStream.nullInputStream(), toPipe, new PrintStream(err, true, UTF_8));
        Thread.ofPlatform().start(() -> {
            status.complete(Main.run(streams, args.toArray(String[]::new)));
            toPipe.close();
        });
        out = new BufferedReader(new InputStreamReader(pipe, UTF_8));
        base = out.readLine().replaceFirst("Listening on (wss?://\\S+)/ for 1 client\\.", "$1");
    }

    /** Runs {@code duplex connect --echo} for each case, as any client of such a server does, and tells what the command printed. */
    Ran judgeOurClient() throws IOException {
        int count = Integer.parseInt(Ran.duplex("", "connect", "--insecure", "--wait", "10s", base + "/getCaseCount").out().strip());
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS_AT_A_TIME)) {
            for (int i = 1; i <= count; i++) {
                String url = base + "/runCase?agent=duplex&case=" + i;
                clients.submit(() -> Ran.duplex("", "connect", "--echo", "--insecure", "--compress", "--max-message-bytes", "16MiB", url));
            }
        }
        Ran.duplex("", "connect", "--insecure", base + "/updateReports?agent=duplex");
        String printed = String.join("\n", out.lines().toList());
        return new Ran(status.join(), printed.getBytes(UTF_8), err.toString(UTF_8));
    }
}
