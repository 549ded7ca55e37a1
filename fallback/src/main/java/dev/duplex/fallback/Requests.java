package dev.duplex.fallback;

import dev.duplex.netty.ClientSettings;
import dev.duplex.netty.ConnectFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes a client's HTTP requests: blocking, so on virtual threads; through the system's proxy, if it has one. */
final class Requests {
    /** Beyond the longest that the server holds a request. */
    static final Duration SLACK = Duration.ofSeconds(10);

    /** As much as a head may have that answers an opening WebSocket. */
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    /** A colon, a blank and the line's end. */
    private static final int FIELD_BYTES = 4;

    private final ClientSettings settings;
    /** So long the other requests of a client that is given up may take to end. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private HttpClient http;

    Requests(ClientSettings settings) {
        this.settings = settings;
        this.http = fresh(settings);
    }

    private static HttpClient fresh(ClientSettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(settings.handshakeDeadline());
        settings.sslContext().ifPresent(builder::sslContext);
        return builder.build();
    }

    ClientSettings settings() {
        return settings;
    }

    /**
     * The address of a WebSocket as one of plain HTTP.
     *
     * @throws IllegalArgumentException if it is not one of a WebSocket
     */
    static URI http(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(java.util.Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss") || uri.getHost() == null) {
            throw new IllegalArgumentException("a WebSocket's address is ws://host/path or wss://host/path, not " + uri);
        }
        String text = uri.toString();
        String rest = text.substring(text.indexOf(':'));
        return URI.create((scheme.equals("ws") ? "http" : "https") + (uri.getRawPath().isEmpty() ? rest + "/" : rest));
    }

    /** An address with the fallback's own parameters behind the application's. */
    static URI with(URI uri, String parameters) {
        return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + parameters);
    }

    /**
     * Posts bytes; the answer's body is a few characters.
     *
     * @param patience for all of the answer: the system's own ends with its head
     */
    HttpResponse<String> post(URI uri, byte[] body, Duration patience) throws IOException, InterruptedException {
        HttpRequest request = request(uri, patience).header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        HttpClient used;
        CompletableFuture<HttpResponse<String>> answer;
        synchronized (this) {
            used = http;
            answer = used.sendAsync(request, head -> new ShortText());
        }
        try {
            return withShortHead(used, answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("it did not answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(used, e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    /** Gets a response as soon as its head has come. */
    HttpResponse<InputStream> get(URI uri, Duration patience) throws IOException, InterruptedException {
        HttpClient used;
        synchronized (this) {
            used = http;
        }
        try {
            HttpResponse<InputStream> answer = used.send(request(uri, patience).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try {
                return withShortHead(used, answer);
            } catch (ProtocolException tooLong) {
                answer.body().close();
                throw tooLong;
            }
        } catch (IOException e) {
            throw failed(used, e);
        }
    }

    /** Java's client takes far longer heads, and what it takes can be set for the whole process alone. */
    private <T> HttpResponse<T> withShortHead(HttpClient used, HttpResponse<T> answer) throws ProtocolException {
        long bytes = answer.headers().map().entrySet().stream()
                .mapToLong(field -> field.getValue().stream().mapToLong(value -> field.getKey().length() + value.length() + FIELD_BYTES).sum()).sum();
        if (bytes > MAX_HEAD_BYTES) {
            retire(used);
            throw new ProtocolException("the head of its answer is longer than " + MAX_HEAD_BYTES + " bytes");
        }
        return answer;
    }

    /**
     * What was wrong with an answer. After a head that is none, or is too long, Java's client reads no more of the connection, but
     * leaves it open; it ends with the whole client alone. What else goes on there is asked for again.
     */
    private IOException failed(HttpClient used, IOException why) {
        if (why instanceof ProtocolException || why.getCause() instanceof ProtocolException) {
            retire(used);
        }
        return why;
    }

    private void retire(HttpClient used) {
        synchronized (this) {
            if (http != used) {
                return;
            }
            http = fresh(settings);
            used.shutdown();
        }
        Thread.ofVirtual().start(() -> {
            try {
                used.awaitTermination(GRACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                used.shutdownNow();
            }
        });
    }

    private HttpRequest.Builder request(URI uri, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience);
        settings.headers().forEach(request::header);
        return request;
    }

    static ConnectFailedException unreachable(URI uri, IOException cause) {
        String told = cause.getMessage();
        String why = told != null ? told : cause instanceof java.net.ConnectException ? "connection refused" : cause.getClass().getSimpleName();
        return new ConnectFailedException(uri.getAuthority() + " cannot be reached: " + why, cause);
    }
}
