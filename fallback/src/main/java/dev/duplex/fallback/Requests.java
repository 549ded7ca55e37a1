package dev.duplex.fallback;

import dev.duplex.netty.ClientSettings;
import dev.duplex.netty.ConnectFailedException;
import java.io.IOException;
import java.io.InputStream;
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

    private final ClientSettings settings;
    private final HttpClient http;

    Requests(ClientSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(settings.handshakeDeadline());
        settings.sslContext().ifPresent(builder::sslContext);
        http = builder.build();
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
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, head -> new ShortText());
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("it did not answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** Gets a response as soon as its head has come. */
    HttpResponse<InputStream> get(URI uri, Duration patience) throws IOException, InterruptedException {
        return http.send(request(uri, patience).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
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
