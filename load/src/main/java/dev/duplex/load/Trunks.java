package dev.duplex.load;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The connections of HTTP/2 on one loop: a new one is made when those there are have no room. */
final class Trunks {
    private final Carrier carrier;
    private final EventLoop loop;
    private final List<Trunk> all = new ArrayList<>();
    private final Queue<Attempt.Outcome> waiting = new ArrayDeque<>();
    private boolean isConnecting;

    Trunks(Carrier carrier, EventLoop loop) {
        this.carrier = carrier;
        this.loop = loop;
    }

    /** Opens one more WebSocket as soon as there is room. */
    void open(Attempt.Outcome outcome) {
        waiting.add(outcome);
        fill();
    }

    /** Gives streams to those who wait. */
    void fill() {
        while (!waiting.isEmpty()) {
            Trunk free = withRoom();
            if (free == null) {
                connect();
                return;
            }
            free.open(carrier.handshake(), carrier.mustDeflate(), waiting.remove());
        }
    }

    private Trunk withRoom() {
        for (Trunk trunk : all) {
            if (trunk.hasRoom()) {
                return trunk;
            }
        }
        return null;
    }

    private void connect() {
        if (!isConnecting) {
            isConnecting = true;
            carrier.connect(loop, this);
        }
    }

    /** A connection is ready, with its server's settings. */
    void ready(Trunk trunk) {
        isConnecting = false;
        all.add(trunk);
        if (trunk.isUseless()) {
            failed("the server allows no streams");
        }
        fill();
    }

    /** There will be no connection; nor for those who wait for it. */
    void failed(String why) {
        isConnecting = false;
        List<Attempt.Outcome> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(outcome -> outcome.failed(why));
    }

    void gone(Trunk trunk) {
        all.remove(trunk);
    }
}
