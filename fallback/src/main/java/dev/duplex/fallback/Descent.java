package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Tunnel;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Opens one connection over plain HTTP.
 *
 * @param climber opens a WebSocket for it later on; null if none is wanted
 */
record Descent(WebSocketClient client, Requests requests, URI uri, List<Delivery> deliveries, LadderClient.Terms terms, Climber climber) {

    CompletionStage<Connection> open(Endpoint endpoint) {
        URI http = Requests.http(uri);
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Thread.ofVirtual().name("duplex-fallback").start(() -> {
            try {
                opened.complete(ask(http, endpoint));
            } catch (IOException e) {
                opened.completeExceptionally(Requests.unreachable(http, e));
            } catch (InterruptedException e) {
                opened.completeExceptionally(new ConnectFailedException("interrupted", e));
            } catch (CompletionException e) {
                opened.completeExceptionally(e.getCause());
            } catch (RuntimeException | Error e) {
                opened.completeExceptionally(e);
            }
        });
        return opened.minimalCompletionStage();
    }

    private Connection ask(URI http, Endpoint endpoint) throws IOException, InterruptedException {
        List<String> offered = requests.settings().subprotocols();
        String names = offered.isEmpty() ? "" : "&duplex-protocol=" + String.join(",", offered);
        URI opening = Requests.with(http, "duplex=open&duplex-as=" + deliveries.getFirst().word() + names);
        HttpResponse<String> answer = requests.post(opening, new byte[0], requests.settings().handshakeDeadline());
        String[] lines = answer.body().split("\n", -1);
        if (answer.statusCode() != 200 || lines.length < 2 || !SessionIds.isOne(lines[0])) {
            throw new ConnectFailedException(answer.statusCode(), "the server answered " + answer.statusCode() + told(answer.body()));
        }
        requireOffered(lines[1], offered);
        Link link = link(lines[0]);
        Opening told = new Opening(path(http), Optional.ofNullable(http.getRawQuery()).orElse(""), Map.of(), headers(answer), offered,
                lines[1].isEmpty() ? Optional.empty() : Optional.of(lines[1]),
                InetSocketAddress.createUnresolved(http.getHost(), Math.max(http.getPort(), 0)),
                deliveries.getFirst().carrier(), http.getScheme().equals("https"));
        Tunnel tunnel = client.tunnel(told, endpoint, link).toCompletableFuture().join();
        return tunnel.connection();
    }

    /** RFC 6455 §4.1, and no other rule where no WebSocket gets through. */
    static void requireOffered(String subprotocol, List<String> offered) {
        if (!subprotocol.isEmpty() && !offered.contains(subprotocol)) {
            throw new ConnectFailedException("the server has chosen a subprotocol that was not offered", null);
        }
    }

    /** What a person should read of a refusal: its first line, as far as it fits one, and nothing that rules a terminal. */
    private static String told(String body) {
        String line = body.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(line.length(), 200));
    }

    /** What carries a session that is open. */
    Link link(String session) {
        return new Link(requests, Requests.http(uri), session, deliveries, terms, climber);
    }

    private static String path(URI http) {
        return http.getPath().isEmpty() ? "/" : http.getPath();
    }

    private static Headers headers(HttpResponse<String> answer) {
        Headers headers = Headers.empty();
        for (Map.Entry<String, List<String>> field : answer.headers().map().entrySet()) {
            for (String value : field.getValue()) {
                if (StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
                    headers = headers.with(field.getKey(), value);
                }
            }
        }
        return headers;
    }
}
