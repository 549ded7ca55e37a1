package dev.duplex.cli;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.WireTap;

/** Two who watch the same connection. */
record BothTaps(WireTap first, WireTap second) implements WireTap {

    @Override
    public void opened(OpeningRequest request, OpeningResponse response) {
        first.opened(request, response);
        second.opened(request, response);
    }

    @Override
    public void closed(CloseReason reason) {
        first.closed(reason);
        second.closed(reason);
    }

    @Override
    public void ended(String report) {
        first.ended(report);
        second.ended(report);
    }

    @Override
    public void frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed, boolean isMasked, long payloadBytes) {
        first.frame(direction, opcode, isFinal, isCompressed, isMasked, payloadBytes);
        second.frame(direction, opcode, isFinal, isCompressed, isMasked, payloadBytes);
    }
}
