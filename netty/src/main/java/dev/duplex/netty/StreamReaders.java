package dev.duplex.netty;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The streams whose handlers have been given bytes of this moment, and wait to be told that there are no more; on their loop alone. */
final class StreamReaders {
    private final EventLoop loop;
    private final List<StreamChannel> waiting = new ArrayList<>();
    private boolean isTellingDue;

    StreamReaders(EventLoop loop) {
        this.loop = loop;
    }

    /** More bytes come at this moment, and whoever brings them calls {@link #tell}. */
    void expectMore() {
        isTellingDue = true;
    }

    /** Told once, however often it was given something; when the loop has done what it is at, if not before. */
    void add(StreamChannel reader) {
        if (!isTellingDue) {
            isTellingDue = true;
            loop.execute(this::tell);
        }
        if (!waiting.contains(reader)) {
            waiting.add(reader);
        }
    }

    /** There are no more for now. */
    void tell() {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).pipeline().fireChannelReadComplete();
        }
        waiting.clear();
        isTellingDue = false;
    }
}
