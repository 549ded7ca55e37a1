package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Plays the script of one case on an open connection and notes what comes back. Used by one thread, once. */
final class Player {
    private static final int PENDING_BYTES = 64 * 1024;
    private final Case played;
    private final Link link;
    private final boolean asClient;
    private final Deflate deflate;
    private final WireLog log;
    private final int rounds;
    private final FrameWriter writer;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final Course course;
    private boolean mute;

    /** @param deflate compresses what the checker sends; {@code null} when nothing was agreed */
    Player(Case played, Link link, boolean asClient, Deflate deflate, WireLog log, int rounds) {
        this.played = played;
        this.link = link;
        this.course = new Course(link.carrier());
        this.asClient = asClient;
        this.deflate = deflate;
        this.log = log;
        this.rounds = rounds;
        this.writer = new FrameWriter(asClient);
    }

    Course play() throws InterruptedException {
        try {
            for (Step step : played.steps()) {
                perform(step);
            }
            flush();
        } catch (IOException e) {
            log.note("cannot send any more: " + e.getMessage());
        }
        settle();
        return course;
    }

    private void perform(Step step) throws IOException, InterruptedException {
        switch (step) {
            case Step.Send send -> send(send);
            case Step.Head head -> {
                course.closeSent |= head.opcode() == Frame.CLOSE;
                log.sent("header of " + Frame.name(head.opcode()) + ", " + Long.toUnsignedString(head.announcedBytes()) + " bytes announced");
                put(writer.head(head), new Step.Cut(0, true));
            }
            case Step.Part part -> {
                log.sent("payload part " + Content.show(part.payload().bytes()));
                put(writer.part(part.payload().bytes()), part.cut().own() ? part.cut() : new Step.Cut(0, true));
            }
            case Step.Raw raw -> {
                log.sent("raw " + Content.show(raw.bytes().bytes()));
                put(raw.bytes().bytes(), new Step.Cut(0, true));
            }
            case Step.Wait wait -> waitFor(wait);
            case Step.Rounds r -> rounds(r);
            case Step.Bomb bomb -> send(Frame.BINARY, true, 4, Deflate.zeros(bomb.mebibytes()), bomb.fragmentBytes(), Step.Form.RIGHT, Step.Cut.NONE);
            case Step.Repeat repeat -> {
                for (int i = 0; i < repeat.times() && !course.ended(); i++) {
                    perform(repeat.step());
                }
            }
            case Step.Act act -> act(act);
        }
    }

    private void act(Step.Act act) throws IOException, InterruptedException {
        flush();
        switch (act) {
            case FIN -> link.halfClose();
            case RST -> {
                link.reset();
                course.end = Event.End.BY_CHECKER;
            }
            case AWAIT -> take(link.next());
            case MUTE -> mute = true;
            case DEAF -> link.deafForAWhile();
        }
    }

    private void send(Step.Send send) throws IOException {
        byte[] payload = send.payload().bytes();
        if (send.compressed()) {
            payload = deflate.message(payload);
        }
        send(send.opcode(), send.fin(), send.rsv() | (send.compressed() ? 4 : 0), payload, send.fragmentBytes(), send.form(), send.cut());
    }

    private void send(int opcode, boolean fin, int rsv, byte[] payload, int fragmentBytes, Step.Form form, Step.Cut cut) throws IOException {
        int step = fragmentBytes == 0 ? Math.max(payload.length, 1) : fragmentBytes;
        for (int at = 0; at == 0 || at < payload.length; at += step) {
            boolean last = at + step >= payload.length;
            byte[] piece = at == 0 && last ? payload : Arrays.copyOfRange(payload, at, Math.min(at + step, payload.length));
            Frame frame = new Frame(last && fin, at == 0 ? rsv : 0, at == 0 ? opcode : Frame.CONTINUATION, piece);
            log.sent(frame.toString());
            course.closeSent |= opcode == Frame.CLOSE;
            put(writer.frame(frame, form), cut);
        }
    }

    private void put(byte[] bytes, Step.Cut cut) throws IOException {
        if (cut.own()) {
            flush();
            link.write(bytes, cut.bytes());
            return;
        }
        pending.writeBytes(bytes);
        if (pending.size() > PENDING_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (pending.size() > 0) {
            byte[] bytes = pending.toByteArray();
            pending.reset();
            link.write(bytes, 0);
        }
    }

    private void waitFor(Step.Wait wait) throws IOException, InterruptedException {
        flush();
        long end = System.nanoTime() + wait.time().toNanos();
        for (long left = end - System.nanoTime(); left > 0 && !course.ended(); left = end - System.nanoTime()) {
            Event event = link.next(left / 1_000_000 + 1);
            if (event != null) {
                take(event);
            }
        }
        if (wait.marked() && !course.ended() && course.close == null) {
            course.add(new Event.StillOpen());
        }
    }

    /** Each echo is compared at once; only the first wrong one is kept. */
    private void rounds(Step.Rounds r) throws IOException, InterruptedException {
        TestData data = r.data().isEmpty() ? TestData.repeating(r.payload().bytes()) : TestData.named(r.data());
        for (int i = 0; i < rounds && course.fault.isEmpty(); i++) {
            byte[] plain = data.next(r.size(), r.opcode() == Frame.TEXT);
            byte[] payload = r.compressed() ? deflate.message(plain) : plain;
            send(r.opcode(), true, r.compressed() ? 4 : 0, payload, r.fragmentBytes(), Step.Form.RIGHT, Step.Cut.NONE);
            flush();
            Event.Message wanted = new Event.Message(r.opcode(), plain);
            int before = course.events.size();
            while (course.events.size() == before && course.fault.isEmpty() && course.close == null && !course.ended()) {
                Event event = link.next();
                if (event == null) {
                    course.fault = "no echo of message " + (i + 1) + " of " + rounds + " came";
                } else {
                    take(event);
                }
            }
            if (course.events.size() > before && !course.events.remove(before).same(wanted)) {
                course.fault = "message " + (i + 1) + " of " + rounds + ", " + wanted.words() + ", came back changed";
            }
            if (course.close != null || course.ended()) {
                course.fault = course.fault.isEmpty() ? "the connection ended at message " + (i + 1) + " of " + rounds : course.fault;
            }
        }
    }

    private void take(Event event) throws IOException {
        if (event == null) {
            return;
        }
        course.add(event);
        if (event instanceof Event.Ping ping && !course.closeSent && !mute) {
            send(Frame.PONG, true, 0, ping.payload(), 0, Step.Form.RIGHT, new Step.Cut(0, true));
        }
        if (event instanceof Event.Close close) {
            answer(close);
        }
    }

    /** The peer's Close is answered with the same code; as server the checker then ends TCP (RFC 6455 §7.1.1). */
    private void answer(Event.Close close) throws IOException {
        if (mute) {
            return;
        }
        if (!course.closeSent) {
            byte[] payload = close.code() == 1005 ? new byte[0] : new byte[] {(byte) (close.code() >> 8), (byte) close.code()};
            send(Frame.CLOSE, true, 0, payload, 0, Step.Form.RIGHT, new Step.Cut(0, true));
        }
        if (!asClient && !played.is(Outcome.Ending.GONE)) {
            course.end = Event.End.BY_CHECKER;
            link.halfClose();
        }
    }

    /** Waits until the case has ended one way or another, closing when all that was wanted has come. */
    private void settle() throws InterruptedException {
        try {
            while (!course.ended()) {
                closeWhenReached();
                Event event = link.next();
                if (event == null) {
                    return;
                }
                take(event);
            }
        } catch (IOException e) {
            log.note("cannot send any more: " + e.getMessage());
            drain();
        }
    }

    private void drain() throws InterruptedException {
        while (!course.ended()) {
            Event event = link.next();
            if (event == null) {
                return;
            }
            course.add(event);
        }
    }

    private void closeWhenReached() throws IOException {
        boolean reached = played.outcomes().stream().anyMatch(o -> o.ending() == Outcome.Ending.CLOSE && o.reached(course.events));
        if (reached && !course.closeSent && course.close == null && course.fault.isEmpty()) {
            send(Frame.CLOSE, true, 0, new byte[] {3, (byte) 232}, 0, Step.Form.RIGHT, new Step.Cut(0, true));
        }
    }
}
