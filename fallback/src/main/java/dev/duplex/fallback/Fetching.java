package dev.duplex.fallback;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Fetches what the server sends, by one response after another; on a virtual thread. */
record Fetching(Link link, Requests requests, Rung rung) {

    void run() {
        try {
            while (!link.isOver() && !link.hasEnded()) {
                fetchUnlessCarried();
            }
        } finally {
            if (!link.isCarried()) {
                link.over();
            }
        }
    }

    private void fetchUnlessCarried() {
        try {
            link.awaitUncarried();
            if (!link.isOver() && !link.hasEnded()) {
                fetch(rung.delivery());
            }
        } catch (InterruptedException endedOrCarried) {
            return; // which of them, the link says
        }
    }

    /** One response; a failure steps down, or ends the connection. */
    private void fetch(Delivery delivery) throws InterruptedException {
        long begun = System.nanoTime();
        Duration hold = rung.hold();
        long from = link.received();
        link.acknowledged(from);
        try {
            HttpResponse<InputStream> response = requests.get(link.toFetch(delivery, from, hold),
                    delivery.isStreamed() ? rung.proof() : hold.plus(Requests.SLACK));
            try (InputStream body = response.body()) {
                if (link.isCarried()) {
                    return; // its answer has come too late to mean anything
                } else if (response.statusCode() / 100 == 4 && response.statusCode() != 408 && response.statusCode() != 429) {
                    link.gone(); // the session has ended, or is no longer ours
                } else if (response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode());
                } else {
                    read(delivery, from, body);
                }
            }
            rung.held();
        } catch (IOException broken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!link.isCarried() && isLost(delivery, begun)) {
                link.over();
            }
        }
        if (!link.isOver()) {
            rung.pause();
        }
    }

    private boolean isLost(Delivery delivery, long begun) throws InterruptedException {
        return link.hasEnded() || !link.tunnel().connection().isOpen() || !rung.failed(delivery, System.nanoTime() - begun);
    }

    private void read(Delivery delivery, long from, InputStream body) throws IOException, InterruptedException {
        CompletableFuture<Void> proof = new CompletableFuture<>();
        if (delivery.isStreamed()) {
            // A proxy that keeps the stream to itself shows nothing, not even that it is alive.
            proof.orTimeout(rung.proof().toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> close(body));
        }
        RecordReader records = new RecordReader(delivery, body);
        long at = from;
        while (!link.isOver()) {
            byte[] piece;
            try {
                piece = records.next();
            } catch (IOException ended) {
                if (proof.isCompletedExceptionally()) {
                    throw new IOException("the stream does not come through", ended);
                }
                if (delivery.isStreamed() && !(ended instanceof EOFException)) {
                    throw ended;
                }
                return;
            } finally {
                proof.complete(null);
            }
            if (piece == null) {
                link.gone();
            } else if (piece.length > 0) {
                link.handOver(piece, at);
                at += piece.length;
            }
        }
    }

    private static Void close(InputStream body) {
        try {
            body.close();
        } catch (IOException nothingToBeDone) {
            return null;
        }
        return null;
    }
}
