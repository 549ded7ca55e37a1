package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Opens one connection by WebSocket: a session that can go on without it, where the server offers one, else a plain one.
 *
 * @param below what the session goes on with
 */
record Ascent(WebSocketClient client, Descent below) {

    /** A WebSocket that is one and no more; it opens when something has come back over it. */
    static CompletionStage<Connection> plain(WebSocketClient client, URI uri, Endpoint endpoint, Duration proof) {
        CompletableFuture<Connection> proved = new CompletableFuture<>();
        failWith(client.open(uri, opening -> new Proving(endpoint.open(opening), proof, proved)), proved);
        return proved;
    }

    CompletionStage<Connection> open(Endpoint endpoint) {
        CompletableFuture<Connection> proved = new CompletableFuture<>();
        Endpoint either = opening -> opening.subprotocol().equals(Optional.of(CarryingSocket.SUBPROTOCOL))
                ? carrying(opening, endpoint, proved) : new Proving(endpoint.open(opening), below.terms().proof(), proved);
        client.open(below.uri(), either.speaking(CarryingSocket.SUBPROTOCOL)).whenComplete((opened, failure) -> {
            if (failure != null && isOfWords(LadderClient.cause(failure))) {
                copy(plain(client, below.uri(), endpoint, below.terms().proof()), proved);
            } else if (failure != null) {
                proved.completeExceptionally(LadderClient.cause(failure));
            }
        });
        return proved;
    }

    /** Whether a server of another maker may have refused an opening for the subprotocol that it does not know. */
    private static boolean isOfWords(Throwable failure) {
        return failure instanceof ConnectFailedException refused && refused.status().equals(OptionalInt.of(400));
    }

    private static void failWith(CompletionStage<?> stage, CompletableFuture<?> result) {
        stage.whenComplete((done, failure) -> {
            if (failure != null) {
                result.completeExceptionally(LadderClient.cause(failure));
            }
        });
    }

    private static <T> void copy(CompletionStage<T> stage, CompletableFuture<T> result) {
        stage.whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(done);
            } else {
                result.completeExceptionally(LadderClient.cause(failure));
            }
        });
    }

    private Listener carrying(Opening opening, Endpoint endpoint, CompletableFuture<Connection> proved) {
        CarryingSocket socket = new CarryingSocket();
        CompletableFuture<String> greeted = socket.greeting().thenApply(text -> {
            socket.tell(0);
            return text;
        });
        greeted.thenCombine(socket.answer(), (text, answered) -> text).orTimeout(below.terms().proof().toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((text, failure) -> {
                    try {
                        begin(socket, failure != null ? "" : text, opening, endpoint, proved);
                    } catch (RuntimeException | Error failed) { // nobody else would hear of it
                        socket.leave();
                        proved.completeExceptionally(failed);
                    }
                });
        return socket;
    }

    private void begin(CarryingSocket socket, String text, Opening opening, Endpoint endpoint, CompletableFuture<Connection> proved) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 3 || !SessionIds.isOne(lines[0])) {
            throw new ConnectFailedException("the WebSocket opened, but nothing comes through", null);
        }
        Descent.requireOffered(lines[1], below.requests().settings().subprotocols());
        client.tunnel(told(opening, lines[1]), endpoint, below.link(lines[0]).begunOver(socket)).whenComplete((tunnel, failure) -> {
            if (failure == null) {
                proved.complete(tunnel.connection());
            } else {
                socket.leave();
                proved.completeExceptionally(LadderClient.cause(failure));
            }
        });
    }

    /** What the listener is told is what the session's opening said. */
    private Opening told(Opening carrying, String subprotocol) {
        List<String> offered = below.requests().settings().subprotocols();
        return new Opening(carrying.path(), carrying.query(), carrying.variables(), carrying.headers(), offered,
                Optional.of(subprotocol).filter(chosen -> !chosen.isEmpty()), carrying.remoteAddress(), carrying.carrier(), carrying.isSecure());
    }
}
