package dev.duplex.cli;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import java.io.PrintStream;

/** Writes handshake, frames and end of one connection, a line each: {@code >} for what goes out, {@code <} for what comes in. */
final class Trace implements WireTap {
    private final PrintStream err;
    private final String prefix;
    private final Role role;
    private final boolean hasColours;

    /**
     * A trace to {@code err}.
     *
     * @param prefix what each line begins with
     * @param role which end this is: a client sends the request, a server the response
     */
    Trace(PrintStream err, String prefix, Role role, boolean hasColours) {
        this.err = err;
        this.prefix = prefix;
        this.role = role;
        this.hasColours = hasColours;
    }

    @Override
    public void opened(OpeningRequest request, OpeningResponse response) {
        boolean isClient = role == Role.CLIENT;
        head(isClient ? Direction.OUT : Direction.IN, request.method() + " " + request.target() + " " + request.version(), request.headers());
        head(isClient ? Direction.IN : Direction.OUT, StatusLine.of(request, response.status()), response.headers());
    }

    @Override
    public void frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed, boolean isMasked, long payloadBytes) {
        line(direction, opcodeName(opcode) + " " + payloadBytes + (payloadBytes == 1 ? " byte" : " bytes")
                + (isFinal ? ", fin" : ", more follows")
                + (isCompressed ? ", compressed" : "")
                + (isMasked ? ", masked" : ""));
    }

    /** A client says by itself how it ended. */
    @Override
    public void closed(CloseReason reason) {
        if (role == Role.CLIENT) {
            return;
        }
        err.println(prefix + "closed: " + Printable.line(reason.toString()));
    }

    @Override
    public void ended(String report) {
        err.println(prefix + "ended: " + Printable.line(report));
    }

    private void head(Direction direction, String firstLine, Headers headers) {
        line(direction, firstLine);
        headers.forEach((name, value) -> line(direction, name + ": " + Secrets.shown(name, value)));
    }

    private void line(Direction direction, String text) {
        String arrow = direction == Direction.OUT ? Colour.SENT.paint(">", hasColours) : Colour.RECEIVED.paint("<", hasColours);
        err.println(prefix + arrow + " " + Printable.line(text));
    }

    private static String opcodeName(int opcode) {
        return switch (opcode) {
            case 0 -> "continuation";
            case 1 -> "text";
            case 2 -> "binary";
            case 8 -> "close";
            case 9 -> "ping";
            case 10 -> "pong";
            default -> "opcode " + opcode;
        };
    }
}
