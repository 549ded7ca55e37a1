package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.HttpService;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group B over plain HTTP: many small pieces where few large ones are usual. */
@Timeout(60)
class DripRowsTest {
    private final LinkedBlockingQueue<HttpExchange> asked = new LinkedBlockingQueue<>();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.service("/late", new HttpService() {
        @Override
        public void serve(HttpExchange exchange) {
            asked.add(exchange);
        }

        @Override
        public Set<String> methods() {
            return Set.of("GET", "POST");
        }
    }));

    @Test
    @Row("B19")
    void b19WhatComesByteByByteBehindARequestThatWaitsIsOneRequest() throws Exception {
        try (RawSocket raw = target.connect().say("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            HttpExchange first = asked.poll(20, TimeUnit.SECONDS);
            String second = "GET /late HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(7000) + "\r\nY: " + "y".repeat(7000) + "\r\n\r\n";
            for (int i = 0; i < second.length(); i++) {
                raw.say(second.substring(i, i + 1));
            }
            first.answer(HttpAnswer.text(200, "first"));
            assertThat(raw.answered()).isEqualTo("first");
            HttpExchange next = asked.poll(20, TimeUnit.SECONDS);
            assertThat(next.query().headers().first("Y").orElseThrow()).hasSize(7000);
            next.answer(HttpAnswer.text(200, "second"));
            assertThat(raw.answered()).isEqualTo("second");
        }
    }

    @Test
    @Row("B19")
    void b19ABodyThatItsServiceHoldsCounts() throws Exception {
        long before = target.server().heldBytes();
        try (RawSocket raw = target.connect().say("POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n" + "b".repeat(900_000))) {
            HttpExchange held = asked.poll(20, TimeUnit.SECONDS);
            try (RawSocket other = target.connect().open("/echo")) {
                AttackedServer.assertEchoes(other); // the loop has done what it had to do
            }
            assertThat(target.server().heldBytes()).isBetween(before + 900_000, before + 2_000_000);
            held.answer(HttpAnswer.text(200, "thanks"));
            assertThat(raw.answered()).isEqualTo("thanks");
            for (int i = 0; i < 400 && target.server().heldBytes() > before + 100_000; i++) {
                Thread.sleep(50);
            }
            assertThat(target.server().heldBytes()).isLessThan(before + 100_000);
        }
    }
}
