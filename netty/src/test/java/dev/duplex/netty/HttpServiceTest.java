package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with bodies, and answers that come late or in pieces. */
class HttpServiceTest {
    private static final String NEXT = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnext";

    private final LinkedBlockingQueue<HttpExchange> held = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .service("/echo", exchange -> exchange.answer(HttpAnswer.of(200, "application/octet-stream", exchange.body())))
                .service("/held", held::add)
                .service("/broken", exchange -> {
                    throw new IllegalStateException("planted");
                })
                .limits(Limits.defaults().withMessageDeadlineNanos(1_000_000_000))
                .start();
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(2));
    }

    private String ask(String request) throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            return raw.say(request).restText();
        }
    }

    private static String post(String path, String more) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + more;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n00000003\r\nllo\r\n0\r\n\r\n",
    })
    void aBodyComesWholeHoweverItIsCutAndTheNextRequestFollows(String request) throws IOException {
        String answers = ask(post("/echo", request) + NEXT);
        assertThat(answers).startsWith("HTTP/1.1 200 ").contains("\r\n\r\nhelloHTTP/1.1 200 ").endsWith("\r\n\r\nnext");
        try (RawSocket raw = new RawSocket(server.port())) {
            for (byte b : (post("/echo", request) + NEXT).getBytes(StandardCharsets.US_ASCII)) {
                raw.say(new byte[] {b});
            }
            assertThat(raw.restText()).contains("\r\n\r\nhelloHTTP/1.1 200 ").endsWith("\r\n\r\nnext");
        }
    }

    @Test
    void aBodyMayBeEmpty() throws IOException {
        assertThat(ask(post("/echo", "Content-Length: 0\r\n\r\n") + NEXT)).startsWith("HTTP/1.1 200 ").endsWith("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ffffffffffffffff1\r\n", "-1\r\n", "+1\r\nx\r\n", "0x5\r\nhello\r\n", "5;a=\"\r\n\"\r\nhello\r\n", "5\nhello\n0\n\n", "5 \r\nhello\r\n",
        "\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", "5\r\rhello\r\n", "000000005\r\nhello\r\n",
    })
    void aChunkThatTwoReadersCouldReadInTwoWaysIs400(String chunks) throws IOException {
        String answer = ask(post("/echo", "Transfer-Encoding: chunked\r\n\r\n" + chunks + NEXT));
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n").doesNotContain("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "411 Length Required|\r\n",
        "400 Bad Request|Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "400 Bad Request|Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "400 Bad Request|Content-Length: +3\r\n\r\nabc",
        "400 Bad Request|Transfer-Encoding: gzip, chunked\r\n\r\n",
        "400 Bad Request|Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "413 Content Too Large|Content-Length: 1000001\r\n\r\n",
        "413 Content Too Large|Transfer-Encoding: chunked\r\n\r\nf4241\r\n",
        "417 Expectation Failed|Content-Length: 3\r\nExpect: cake\r\n\r\n",
    })
    void aBodyThatBreaksARuleIsRefusedBeforeItIsRead(String statusAndRest) throws IOException {
        String[] both = statusAndRest.split("\\|", 2);
        assertThat(ask(post("/echo", both[1]) + NEXT)).startsWith("HTTP/1.1 " + both[0]).contains("\r\nConnection: close\r\n").doesNotContain("next");
    }

    @Test
    void manyChunksAreTooLargeAsSoonAsTheyAre() throws IOException {
        String chunk = "c350\r\n" + "x".repeat(50_000) + "\r\n";
        assertThat(ask(post("/echo", "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(20) + "1\r\n"))).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void otherMethodsAre405() throws IOException {
        assertThat(ask("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET, POST\r\n");
    }

    @Test
    void aBodyThatDoesNotEndInTimeIs408() throws IOException {
        assertThat(ask(post("/echo", "Content-Length: 5\r\n\r\nhel"))).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void whoeverAsksFirstIsToldToGoOn() throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say(post("/echo", "Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"));
            assertThat(raw.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(raw.say("ok").restText()).startsWith("HTTP/1.1 200 ").endsWith("ok");
        }
    }

    @Test
    void anAnswerMayComeLaterFromAnyThreadAndRequestsBehindItWait() throws Exception {
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say("GET /held HTTP/1.1\r\nHost: h\r\n\r\n" + NEXT);
            HttpExchange exchange = held.poll(10, TimeUnit.SECONDS);
            exchange.answer(HttpAnswer.text(200, "late"));
            assertThatThrownBy(() -> exchange.answer(HttpAnswer.text(200, "again"))).isInstanceOf(IllegalStateException.class);
            assertThat(raw.restText()).contains("\r\n\r\nlateHTTP/1.1 200 ").endsWith("next");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoeverWaitsIsMissedWhenItGoes(boolean byReset) throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say("GET /held HTTP/1.1\r\nHost: h\r\n\r\n");
            HttpExchange exchange = held.poll(10, TimeUnit.SECONDS);
            exchange.whenGone(() -> gone.complete(null));
            if (byReset) {
                raw.reset();
            } else {
                raw.socket().close();
            }
            gone.get(10, TimeUnit.SECONDS);
            exchange.answer(HttpAnswer.text(200, "in vain"));
        }
    }

    @Test
    void anAnswerInPiecesComesInChunksAndTheNextRequestFollows() throws Exception {
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say("GET /held HTTP/1.1\r\nHost: h\r\n\r\n" + NEXT);
            HttpStream stream = held.poll(10, TimeUnit.SECONDS).stream(200, Headers.of("Content-Type", "text/plain"));
            assertThat(raw.head()).contains("\r\nTransfer-Encoding: chunked\r\n");
            stream.write("one".getBytes(StandardCharsets.US_ASCII));
            stream.write(new byte[0]);
            assertThat(raw.hex(8)).isEqualTo("330d0a6f6e650d0a"); // 3 CRLF one CRLF
            stream.write("four".getBytes(StandardCharsets.US_ASCII));
            stream.end();
            assertThat(raw.restText()).startsWith("4\r\nfour\r\n0\r\n\r\nHTTP/1.1 200 ").endsWith("next");
        }
    }

    @Test
    void whoeverKnowsNoChunksGetsAnAnswerThatEndsWithTheConnection() throws Exception {
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say("GET /held HTTP/1.0\r\n\r\n");
            HttpStream stream = held.poll(10, TimeUnit.SECONDS).stream(200, Headers.empty());
            stream.write("one".getBytes(StandardCharsets.US_ASCII));
            stream.end();
            assertThat(raw.restText()).contains("\r\nConnection: close\r\n").doesNotContain("chunked").endsWith("\r\n\r\none");
        }
    }

    @Test
    void piecesThatAreNotTakenAreCountedAndTheReaderIsWaitedFor() throws Exception {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say("GET /held HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            HttpStream stream = held.poll(10, TimeUnit.SECONDS).stream(200, Headers.empty());
            stream.whenDrained(() -> drained.complete(null));
            stream.write(new byte[32 << 20]);
            assertThat(stream.bufferedBytes()).isPositive();
            stream.end();
            assertThat(raw.rest().length).isGreaterThan(32 << 20);
            drained.get(10, TimeUnit.SECONDS);
            assertThat(stream.bufferedBytes()).isZero();
        }
    }

    @Test
    void aServiceThatFailsIs500() throws IOException {
        assertThat(ask("GET /broken HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 500 ").doesNotContain("planted");
    }
}
