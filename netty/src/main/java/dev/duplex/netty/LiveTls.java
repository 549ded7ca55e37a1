package dev.duplex.netty;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's TLS, read anew when its files change: new connections get what the files say then, those that are open keep theirs. */
final class LiveTls {
    /** From one look at the files to the next: a certificate that is renewed weeks before its end has time. */
    static final int LOOK_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    private final Tls source;
    private final AtomicBoolean isReading = new AtomicBoolean();
    private final AtomicLong readings = new AtomicLong();
    private final AtomicReference<Reading> current;

    /** What the files were, and what was made of them; of two that are under way at once the later begun counts. */
    private record Reading(long number, List<Object> files, SslContext context) {}

    /** @throws StartException if a file cannot be read, or is not what it should be */
    LiveTls(Tls source) {
        this.source = source;
        current = new AtomicReference<>(new Reading(0, state(), source.context()));
    }

    /** What the next connection gets. */
    SslContext context() {
        return current.get().context();
    }

    /**
     * Reads all files again, and blocks meanwhile.
     *
     * @throws StartException if one is not what it should be; then everything stays as it was
     */
    void reload() {
        long number = readings.incrementAndGet();
        List<Object> files = state();
        try {
            keep(new Reading(number, files, source.context()));
        } catch (StartException e) {
            keep(new Reading(number, files, context()));
            throw e;
        }
    }

    private void keep(Reading anew) {
        current.accumulateAndGet(anew, (old, its) -> its.number > old.number ? its : old);
    }

    /** Whether there is anything that could change. */
    boolean hasFiles() {
        return !source.files().isEmpty();
    }

    /** Reloads if a file has changed; what is half written is told, and read again when it changes again. */
    void look() {
        if (isReading.compareAndSet(false, true)) {
            Thread.ofVirtual().name("duplex-tls").start(() -> {
                try {
                    reloadIfChanged();
                } finally {
                    isReading.set(false);
                }
            });
        }
    }

    private void reloadIfChanged() {
        if (current.get().files().equals(state())) {
            return;
        }
        try {
            reload();
            LOG.info("read the certificates again");
        } catch (StartException e) {
            LOG.warn("the certificates stay as they were: {}", e.getMessage());
        }
    }

    /** Time and size of each file; what is missing counts as well. */
    private List<Object> state() {
        List<Object> state = new ArrayList<>();
        for (Path file : source.files()) {
            try {
                state.add(Files.getLastModifiedTime(file));
                state.add(Files.size(file));
            } catch (IOException missing) {
                state.add(FileTime.fromMillis(0));
            }
        }
        return state;
    }
}
