package dev.duplex.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One case played against a client that has asked for it. Used by one thread, once. */
final class ClientCase {
    private static final int ROOM_BYTES = 64 << 20;
    private static final long GOODBYE_MILLIS = 500;
    private final Case played;
    private final Target.Sockets sockets;
    private final InputStream in;
    private final HttpHead request;
    private final Options options;
    private final boolean freshNonce;
    private final WireLog log = new WireLog();

    ClientCase(Case played, Target.Sockets sockets, InputStream in, HttpHead request, Options options, boolean freshNonce) {
        this.played = played;
        this.sockets = sockets;
        this.in = in;
        this.request = request;
        this.options = options;
        this.freshNonce = freshNonce;
    }

    Result run() throws InterruptedException {
        long startNanos = System.nanoTime();
        log.received(request.startLine() + " | " + String.join(" | ", request.fields().stream().map(f -> f[0] + ": " + f[1]).toList()));
        Judge.Judgement judgement;
        try {
            judgement = answer();
        } catch (IOException e) {
            judgement = new Judge.Judgement(Verdict.FAIL, "The client tore the connection down: " + e.getMessage() + ".");
        }
        return new Result(played.id(), played.group(), played.title(), played.section(), judgement.verdict(), judgement.sentence(),
                (System.nanoTime() - startNanos) / 1_000_000, log.lines());
    }

    private Judge.Judgement answer() throws IOException, InterruptedException {
        List<String> faults = Opening.requestFaults(request);
        if (!faults.isEmpty() && played.reply().contains("request")) {
            return new Judge.Judgement(Verdict.FAIL, "The client's request is wrong (RFC 6455 §4.1): " + String.join("; ", faults) + ".");
        }
        if (!freshNonce && played.reply().contains("fresh nonce")) {
            return new Judge.Judgement(Verdict.FAIL, "The client has used the Sec-WebSocket-Key '" + request.value("Sec-WebSocket-Key") + "' before (RFC 6455 §4.1).");
        }
        String offer = request.value(Opening.EXTENSIONS);
        Optional<String> extension = played.accept().isEmpty() ? Optional.of("") : Terms.answer(offer, played.accept());
        HeadText answer = Opening.answer(request, extension.orElse(""), played.opening());
        log.sent(answer.toString());
        write(answer);
        if (played.is(Outcome.Ending.REFUSE)) {
            return refusal(answer);
        }
        if (extension.isEmpty()) {
            new Link(sockets.socket(), sockets.plain(), in, true, null, log, options.patience()).close();
            return new Judge.Judgement(Verdict.INFO, "The client offers '" + offer + "', which cannot be answered with '" + String.join("' or '", played.accept())
                    + "': there is nothing to judge.");
        }
        return play(terms(offer, extension.get()));
    }

    private static Terms terms(String offer, String extension) {
        try {
            return Terms.agreed(offer, extension, false);
        } catch (HandshakeFault e) {
            throw new IllegalStateException("the checker answered '" + offer + "' with '" + extension + "': " + e.getMessage(), e);
        }
    }

    private void write(HeadText answer) throws IOException {
        byte[] bytes = answer.bytes();
        int step = answer.cutBytes() == 0 ? bytes.length : answer.cutBytes();
        for (int at = 0; at < bytes.length; at += step) {
            sockets.socket().getOutputStream().write(bytes, at, Math.min(step, bytes.length - at));
        }
    }

    private Judge.Judgement play(Terms terms) throws IOException, InterruptedException {
        Inflate inflate = terms.on() ? new Inflate(terms.clientBits(), terms.clientTakeover(), ROOM_BYTES) : null;
        Link link = new Link(sockets.socket(), sockets.plain(), in, true, inflate, log, options.patience());
        try (Deflate deflate = terms.on() ? new Deflate(terms.serverBits(), terms.serverTakeover()) : null) {
            Course course = new Player(played, link, false, deflate, log, options.messages()).play();
            int[] framesAndKeys = link.framesAndKeys();
            if (played.reply().contains("fresh keys") && framesAndKeys[0] > 2 && framesAndKeys[1] <= framesAndKeys[0] / 2) {
                course.fault = framesAndKeys[0] + " frames with only " + framesAndKeys[1] + " different masking keys (RFC 6455 §5.3)";
            }
            goodbye(link, course);
            return Judge.judge(played, course);
        } finally {
            link.close();
        }
    }

    /** TCP is closed in a way that lets the last frame arrive. */
    private static void goodbye(Link link, Course course) throws InterruptedException {
        if (course.end != Event.End.BY_CHECKER) {
            return;
        }
        Event event = link.next(GOODBYE_MILLIS);
        while (event != null && !(event instanceof Event.Ended)) {
            if (event instanceof Event.Fault fault && course.fault.isEmpty()) {
                course.fault = fault.rule();
            }
            event = link.next(GOODBYE_MILLIS);
        }
    }

    /** A client that takes a wrong answer shows it by echoing; one that refuses ends TCP without a word (RFC 6455 §4.1). */
    private Judge.Judgement refusal(HeadText answer) throws IOException, InterruptedException {
        Link link = new Link(sockets.socket(), sockets.plain(), in, true, null, log, options.patience());
        try {
            if (answer.toString().startsWith("HTTP/1.1 101")) {
                link.write(new FrameWriter(false).frame(new Frame(true, 0, Frame.TEXT, "accepted?".getBytes()), Step.Form.RIGHT), 0);
                log.sent("TEXT \"accepted?\"");
            }
        } catch (IOException e) {
            log.note("cannot send any more: " + e.getMessage());
        }
        List<Event> came = new ArrayList<>();
        for (Event event = link.next(); event != null; event = link.next()) {
            came.add(event);
            if (event instanceof Event.Ended || event instanceof Event.Message) {
                break;
            }
        }
        link.close();
        return refusal(came);
    }

    private static Judge.Judgement refusal(List<Event> came) {
        String words = came.isEmpty() ? "TCP stayed open" : String.join(", ", came.stream().map(Event::words).toList());
        boolean ended = !came.isEmpty() && came.getLast() instanceof Event.Ended;
        boolean spoke = came.stream().anyMatch(e -> e instanceof Event.Message || e instanceof Event.Pong || e instanceof Event.Fault);
        boolean closed = came.stream().anyMatch(e -> e instanceof Event.Close);
        Verdict verdict = !ended || spoke ? Verdict.FAIL : closed ? Verdict.NON_STRICT : Verdict.PASS;
        return new Judge.Judgement(verdict, "Came: " + words + (verdict == Verdict.PASS ? "." : "; wanted: TCP ends, with no frame at all."));
    }
}
