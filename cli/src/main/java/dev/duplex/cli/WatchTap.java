package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.WireTap;
import java.util.StringJoiner;

/** Sends what passes on one connection to its watcher, one JSON object for each event. */
final class WatchTap implements WireTap {
    /** Unsent events up to here are kept for a slow watcher, some thousand; what is more is counted and told later. */
    private static final long KEPT_BYTES = 256 * 1024;

    private final Connection watcher;
    private final long start = System.nanoTime();
    private int dropped;

    WatchTap(Connection watcher) {
        this.watcher = watcher;
    }

    @Override
    public void opened(OpeningRequest request, OpeningResponse response) {
        String requestLine = request.method() + " " + request.target() + " " + request.version();
        tell("{\"type\":\"handshake\",\"request\":" + head(requestLine, request.headers())
                + ",\"response\":" + head(StatusLine.of(request, response.status()), response.headers()) + "}");
    }

    @Override
    public void frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed, boolean isMasked, long payloadBytes) {
        tell("{\"type\":\"frame\",\"direction\":\"" + (direction == Direction.IN ? "in" : "out")
                + "\",\"opcode\":" + opcode
                + ",\"fin\":" + isFinal
                + ",\"compressed\":" + isCompressed
                + ",\"masked\":" + isMasked
                + ",\"length\":" + payloadBytes
                + ",\"millis\":" + (System.nanoTime() - start) / 1_000_000.0 + "}");
    }

    @Override
    public void closed(CloseReason reason) {
        String by = switch (reason.initiator()) {
            case LOCAL -> "the server";
            case PEER -> "the browser";
            case TRANSPORT -> "the network";
        };
        tell("{\"type\":\"close\",\"code\":" + reason.code()
                + ",\"meaning\":" + quoted(reason.meaning())
                + ",\"text\":" + quoted(reason.text())
                + ",\"by\":" + quoted(by)
                + ",\"clean\":" + reason.isClean() + "}");
    }

    private void tell(String event) {
        if (watcher.bufferedBytes() > KEPT_BYTES) {
            dropped++;
            return;
        }
        if (dropped > 0) {
            watcher.send("{\"type\":\"dropped\",\"count\":" + dropped + "}");
            dropped = 0;
        }
        watcher.send(event);
    }

    private static String head(String line, Headers headers) {
        StringJoiner fields = new StringJoiner(",", "[", "]");
        headers.forEach((name, value) -> fields.add("[" + quoted(name) + "," + quoted(Secrets.shown(name, value)) + "]"));
        return "{\"line\":" + quoted(line) + ",\"headers\":" + fields + "}";
    }

    /** A JSON string (RFC 8259 §7). */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
