package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A {@code duplex serve} that runs in this process on a free port. */
final class Served implements AutoCloseable {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Thread thread;
    private final URI address;
    private int status = -1;

    private Served(String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("serve", "--port", "0"));
        args.addAll(List.of(options));
        PipedInputStream pipe = new PipedInputStream();
        PrintStream out = new PrintStream(new PipedOutputStream(pipe), false, UTF_8);
        Streams streams = Streams.of(new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, UTF_8));
        thread = Thread.ofPlatform().start(() -> {
            status = Main.run(streams, args.toArray(String[]::new));
            out.close();
        });
        String line = new BufferedReader(new InputStreamReader(pipe, UTF_8)).readLine();
        if (line == null) {
            throw new IOException(err.toString(UTF_8));
        }
        address = URI.create(line);
    }

    static Served with(String... options) throws IOException {
        return new Served(options);
    }

    /** The first line it printed. */
    URI address() {
        return address;
    }

    String ws(String path) {
        return address.resolve(path).toString().replaceFirst("http", "ws");
    }

    Conversation connect(String path) {
        return WebSocketClient.connect(ws(path));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    String err() {
        return err.toString(UTF_8);
    }

    /** Stops it as a signal would. @return its exit status */
    int stop() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return status;
    }

    @Override
    public void close() {
        stop();
    }
}
