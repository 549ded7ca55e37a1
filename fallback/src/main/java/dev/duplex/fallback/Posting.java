package dev.duplex.fallback;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Posts what this end sends, gathering while a POST is under way; on a virtual thread. */
final class Posting {
    private static final int MOST_BATCH_BYTES = 128 * 1024;
    private static final int LEAST_BATCH_BYTES = 1024;

    private final Link link;
    private final Requests requests;
    private final Rung rung;
    private int batchBytes = MOST_BATCH_BYTES;
    /** How long a server may wait whose application does not read; less where something between cut off one that waited. */
    private Duration hold = Session.MOST_HELD;

    Posting(Link link, Requests requests, Rung rung) {
        this.link = link;
        this.requests = requests;
        this.rung = rung;
    }

    void run() {
        try {
            while (link.awaitWork()) {
                post(link.next(batchBytes));
            }
            link.sendEnd();
        } catch (InterruptedException closed) {
            link.over();
        }
    }

    private void post(Link.Batch batch) throws InterruptedException {
        long acknowledging = link.received();
        long begun = System.nanoTime();
        try {
            HttpResponse<String> answer = requests.post(link.toPost(batch.at(), acknowledging, "&duplex-hold=" + hold.toMillis()), batch.bytes(),
                    Session.MOST_HELD.plus(Requests.SLACK));
            boolean tellsNumber = answer.statusCode() == 200 || answer.statusCode() == 409;
            var number = Parameters.number(answer.body().strip());
            if (tellsNumber && number.isPresent() && link.forget(number.getAsLong())) {
                link.acknowledged(acknowledging);
                answered(batch.bytes().length == 0 || number.getAsLong() > batch.at(), System.nanoTime() - begun);
            } else if (!link.isCarried() && (tellsNumber || answer.statusCode() / 100 == 4)) {
                link.over();
            } else {
                broken(System.nanoTime() - begun);
            }
        } catch (IOException broken) {
            broken(System.nanoTime() - begun);
        }
    }

    private void answered(boolean hasTaken, long afterNanos) throws InterruptedException {
        if (hasTaken) {
            rung.sent();
            batchBytes = Math.min(MOST_BATCH_BYTES, 2 * batchBytes);
        } else if (afterNanos >= hold.toNanos() / 2) {
            rung.sent(); // it has waited for its application; who is quicker and takes nothing has no such reason
        } else {
            retry();
        }
    }

    private void broken(long livedNanos) throws InterruptedException {
        if (livedNanos >= Rung.SHORTEST_HOLD_NANOS) {
            hold = Rung.shorter(hold, livedNanos);
        }
        retry();
    }

    /** The same again, but less at once: the line may break before a large batch is through. */
    private void retry() throws InterruptedException {
        batchBytes = Math.max(LEAST_BATCH_BYTES, batchBytes / 2);
        if (link.isCarried()) {
            return;
        } else if (link.hasEnded() || !link.tunnel().connection().isOpen()) {
            link.over();
        } else if (rung.takesNothing() || !rung.mayRetry()) {
            link.stalled();
        }
    }
}
