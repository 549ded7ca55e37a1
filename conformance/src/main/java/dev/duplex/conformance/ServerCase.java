package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.stream.Collectors;

/** One case played against a server, over a connection of its own. Used by one thread, once. */
final class ServerCase {
    private static final int ROOM_BYTES = 64 << 20;
    private final Case played;
    private final Target target;
    private final Options options;
    private final WireLog log = new WireLog();
    private boolean answered;
    private boolean abrupt;
    private long lastWriteNanos;
    private volatile long endNanos;
    private final long startNanos = System.nanoTime();

    ServerCase(Case played, Target target, Options options) {
        this.played = played;
        this.target = target;
        this.options = options;
    }

    Result run() throws InterruptedException {
        Judge.Judgement judgement;
        try {
            judgement = connect();
        } catch (HandshakeFault e) {
            judgement = new Judge.Judgement(Verdict.FAIL, "Opening handshake: " + e.getMessage() + ".");
        } catch (SocketTimeoutException e) {
            judgement = silent("nothing came within " + options.patience().toSeconds() + " s");
        } catch (IOException e) {
            judgement = silent(e.getMessage());
        }
        endNanos = System.nanoTime();
        return new Result(played.id(), played.group(), played.title(), played.section(), judgement.verdict(), judgement.sentence(),
                (System.nanoTime() - startNanos) / 1_000_000, log.lines());
    }

    private Judge.Judgement silent(String what) {
        abrupt = !played.is(Outcome.Ending.GONE);
        lastWriteNanos = lastWriteNanos == 0 ? System.nanoTime() : lastWriteNanos;
        Verdict verdict = played.ending(Outcome.Ending.GONE).map(Outcome::verdict).orElse(Verdict.FAIL);
        return new Judge.Judgement(verdict, "No answer to the opening handshake: " + what + ".");
    }

    private Judge.Judgement connect() throws IOException, HandshakeFault, InterruptedException {
        Target.Sockets sockets = target.connect(options.patience());
        try {
            InputStream in = new BufferedInputStream(sockets.socket().getInputStream(), 64 * 1024);
            String key = Opening.key();
            HeadText request = Opening.request(target, played, key);
            log.sent(request.toString());
            lastWriteNanos = System.nanoTime();
            HttpHead reply = target.ask(sockets, request, in);
            answered = true;
            log.received(reply.startLine() + reply.fields().stream().map(f -> " | " + f[0] + ": " + f[1]).collect(Collectors.joining()));
            return target.isOpening(reply) ? opened(sockets, in, reply, key) : refused(reply);
        } finally {
            sockets.socket().close();
            sockets.plain().close();
        }
    }

    private Judge.Judgement refused(HttpHead reply) throws HandshakeFault {
        int status = reply.status();
        String came = "Came: '" + reply.startLine() + "'";
        String wanted = "; wanted: " + played.outcomes().stream().filter(o -> o.verdict() == Verdict.PASS).map(Outcome::words).collect(Collectors.joining(" or ")) + ".";
        Outcome listed = played.outcomes().stream().filter(o -> o.ending() == Outcome.Ending.STATUS && isWanted(o, status)).findFirst().orElse(null);
        if (played.is(Outcome.Ending.STATUS)) {
            Opening.checkReply(reply, played.reply());
        }
        if (listed != null && listed.verdict() == Verdict.PASS) {
            return new Judge.Judgement(Verdict.PASS, came + ".");
        }
        boolean tolerable = listed != null || played.is(Outcome.Ending.STATUS) && status >= 400;
        return new Judge.Judgement(tolerable ? Verdict.NON_STRICT : Verdict.FAIL, came + wanted);
    }

    /** 426 has to name an Upgrade (RFC 9110 §15.5.22), which HTTP/2 has not: there it is 400. */
    private boolean isWanted(Outcome outcome, int status) {
        return outcome.codes().contains(status) || target.http2() && status == 400 && outcome.codes().contains(426);
    }

    private Judge.Judgement opened(Target.Sockets sockets, InputStream in, HttpHead reply, String key) throws IOException, HandshakeFault, InterruptedException {
        if (played.is(Outcome.Ending.STATUS) && played.outcomes().stream().allMatch(o -> o.ending() == Outcome.Ending.STATUS || o.ending() == Outcome.Ending.GONE)) {
            throw new HandshakeFault("the request was accepted with " + reply.status() + "; wanted: " + played.outcomes().get(0).words());
        }
        Opening.checkAnswer(target, reply, key);
        Opening.checkReply(reply, played.reply());
        if (played.offer().isEmpty() && played.reply().isEmpty() && reply.has(Opening.EXTENSIONS)) {
            throw new HandshakeFault("the answer names the extension '" + reply.value(Opening.EXTENSIONS) + "', which was not offered");
        }
        String subprotocol = reply.value("Sec-WebSocket-Protocol");
        if (!subprotocol.isEmpty() && played.opening().stream().noneMatch(e -> e.matches("\\+?Sec-WebSocket-Protocol:(.*[ ,])?\\Q" + subprotocol + "\\E([ ,].*)?"))) {
            throw new HandshakeFault("the answer names the subprotocol '" + subprotocol + "', which was not asked for");
        }
        Terms terms = Terms.agreed(played.offer(), reply.value(Opening.EXTENSIONS), played.reply().contains("omitting"));
        if (!played.offer().isEmpty() && !terms.on() && !played.reply().contains("-" + Opening.EXTENSIONS)) {
            return new Judge.Judgement(Verdict.INFO, "The server does not accept '" + played.offer() + "': there is nothing to judge.");
        }
        return play(sockets, in, terms);
    }

    private Judge.Judgement play(Target.Sockets sockets, InputStream in, Terms terms) throws IOException, InterruptedException {
        Inflate inflate = terms.on() ? new Inflate(terms.serverBits(), terms.serverTakeover(), ROOM_BYTES) : null;
        Link link = new Link(sockets.socket(), sockets.plain(), in, false, inflate, log, options.patience());
        try (Deflate deflate = terms.on() ? new Deflate(terms.clientBits(), terms.clientTakeover()) : null) {
            Course course = new Player(played, link, true, deflate, log, options.messages()).play();
            abrupt = course.ended() && course.close == null && course.end != Event.End.BY_CHECKER;
            return Judge.judge(played, course);
        } finally {
            lastWriteNanos = link.lastWriteNanos();
            link.close();
        }
    }

    /** Whether the server answered the opening handshake in any way. */
    boolean answered() {
        return answered;
    }

    /** Whether the connection ended without a word: what the death of a server looks like. */
    boolean abrupt() {
        return abrupt;
    }

    boolean endedAfter(long nanos) {
        return endNanos - nanos > 0;
    }

    long lastWriteNanos() {
        return lastWriteNanos;
    }

    long startNanos() {
        return startNanos;
    }

    String id() {
        return played.id();
    }
}
