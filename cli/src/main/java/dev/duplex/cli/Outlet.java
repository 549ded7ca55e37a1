package dev.duplex.cli;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.protocol.Binary;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Text;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Standard input as messages: each line is one, without its line end. */
final class Outlet {
    /** How long a server may take to answer the Ping that follows the last line. */
    private static final Duration PONG_WAIT = Duration.ofSeconds(10);

    private final InputStream in;
    private final boolean isBinary;
    private long lines;

    /**
     * Lines of {@code in}.
     *
     * @param isBinary whether they become binary messages
     */
    Outlet(InputStream in, boolean isBinary) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.isBinary = isBinary;
    }

    /**
     * Sends line by line until the input ends.
     *
     * <p>A line that finds the connection lost waits for the next one, if there will be one.
     *
     * @throws Complaint if a line is not text
     */
    void pour(Dialogue dialogue) throws IOException, InterruptedException {
        for (Message message = next(); message != null; message = next()) {
            if (!isSent(message, dialogue)) {
                return;
            }
        }
    }

    /**
     * Waits until what was sent has had its answers; over again if the connection is lost and there will be another.
     *
     * <p>A Ping follows the last message: its Pong tells that the server has read everything before it, however slow the
     * way. After that, and after each message that comes, {@code quiet} must pass.
     */
    static void settle(Dialogue dialogue, Duration quiet) throws InterruptedException {
        Conversation conversation = dialogue.open();
        while (conversation != null && !isSettled(conversation.connection(), dialogue, quiet)) {
            conversation = dialogue.open();
        }
    }

    private static boolean isSettled(Connection connection, Dialogue dialogue, Duration quiet) throws InterruptedException {
        try {
            connection.ping().toCompletableFuture().get(PONG_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException noPong) {
            // A server that does not answer pings has had more than its time.
            return true;
        } catch (ExecutionException lost) {
            return false;
        }
        long since = System.nanoTime();
        while (connection.isOpen()) {
            since = Math.max(since, dialogue.lastArrival());
            long left = quiet.toNanos() - (System.nanoTime() - since);
            if (left <= 0) {
                return true;
            }
            TimeUnit.NANOSECONDS.sleep(left);
        }
        return false;
    }

    private static boolean isSent(Message message, Dialogue dialogue) throws InterruptedException {
        for (Conversation to = dialogue.open(); to != null; to = dialogue.open()) {
            try {
                to.send(message);
                return true;
            } catch (ClosedException lost) {
                continue;
            }
        }
        return false;
    }

    /** The next line as a message; null at the end. */
    private Message next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        lines++;
        return isBinary ? Binary.of(line.toByteArray()) : text(line.toByteArray());
    }

    private Text text(byte[] line) {
        boolean hasReturn = line.length > 0 && line[line.length - 1] == '\r';
        try {
            return Text.ofUtf8(hasReturn ? Arrays.copyOf(line, line.length - 1) : line);
        } catch (IllegalArgumentException notText) {
            throw Complaint.failure("line " + lines + " of standard input is not UTF-8; --binary sends it as it is");
        }
    }
}
