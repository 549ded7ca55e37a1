package dev.duplex.fallback;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.protocol.Headers;

/** Answers to one request: never cached, never buffered, and readable by the page that asked, whose origin was permitted. */
record Answers(Headers request) {
    private static final Headers ALL = Headers.of("Cache-Control", "no-store", "X-Accel-Buffering", "no", "Vary", "Origin");

    HttpAnswer of(HttpAnswer answer) {
        return new HttpAnswer(answer.status(), fields().with(answer.headers()), answer.body());
    }

    HttpAnswer text(int status, String sentence) {
        return of(HttpAnswer.text(status, sentence));
    }

    Headers fields() {
        // Never "*": the origin itself, since credentials come along.
        return request.first("Origin")
                .map(origin -> ALL.with("Access-Control-Allow-Origin", origin).with("Access-Control-Allow-Credentials", "true"))
                .orElse(ALL);
    }

    HttpAnswer preflight() {
        Headers allowed = Headers.of("Access-Control-Allow-Methods", "GET, POST",
                "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID", "Access-Control-Max-Age", "600");
        return new HttpAnswer(204, fields().with(allowed), new byte[0]);
    }
}
