package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadReaderTest {
    private static final String RIGHT = "GET /a?b HTTP/1.1\r\nHost: h\r\nX:\t 1 2 \r\nX:\r\n\r\n";

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static int refusal(String text) {
        HeadReader reader = HeadReader.ofRequest();
        HeadReader.Result result = reader.read(bytes(text));
        return switch (result) {
            case COMPLETE -> 0;
            case REFUSED -> reader.status();
            case INCOMPLETE -> -1;
        };
    }

    @Test
    void aRightHeadIsReadAndWhatFollowsIsLeft() {
        HeadReader reader = HeadReader.ofRequest();
        ByteBuf input = bytes(RIGHT + "rest");
        assertThat(reader.read(input)).isEqualTo(HeadReader.Result.COMPLETE);
        assertThat(reader.request()).isEqualTo(
                new OpeningRequest("GET", "/a?b", "HTTP/1.1", Headers.of("Host", "h", "X", "1 2", "X", "")));
        assertThat(input.toString(StandardCharsets.US_ASCII)).isEqualTo("rest");
    }

    @Test
    void everyCutOfAHeadGivesTheSameRequest() {
        for (int cut = 0; cut <= RIGHT.length(); cut++) {
            HeadReader reader = HeadReader.ofRequest();
            reader.read(bytes(RIGHT.substring(0, cut)));
            assertThat(reader.read(bytes(RIGHT.substring(cut)))).isEqualTo(HeadReader.Result.COMPLETE);
            assertThat(reader.request().headers().count()).isEqualTo(3);
        }
    }

    /** A line of the most bytes there may be, with something behind it, in pieces of 1 to 3 bytes near its end and as a whole. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "x", "x\1", "\1", "\1x", "\r", "\rx", "\r\r", "\r\n\1", "\n", "x\r\n"})
    void theEndOfTheLongestLineMeansTheSameHoweverItIsCut(String end) {
        String longest = "GET / HTTP/1.1\r\nA:" + "a".repeat(HeadReader.MAX_LINE_BYTES - 2);
        HeadReader whole = HeadReader.ofRequest();
        ByteBuf all = bytes(longest + end);
        HeadReader.Result result = whole.read(all);
        for (int piece = 1; piece <= 3; piece++) {
            HeadReader cut = HeadReader.ofRequest();
            ByteBuf rest = bytes(longest.substring(longest.length() - 5) + end);
            HeadReader.Result last = cut.read(bytes(longest.substring(0, longest.length() - 5)));
            while (last == HeadReader.Result.INCOMPLETE && rest.isReadable()) {
                ByteBuf some = rest.readSlice(Math.min(piece, rest.readableBytes()));
                last = cut.read(some);
                rest.readerIndex(rest.readerIndex() - some.readableBytes());
            }
            assertThat(last).isEqualTo(result);
            assertThat(cut.status()).isEqualTo(whole.status());
            assertThat(cut.fault()).isEqualTo(whole.fault());
            assertThat(rest.readableBytes()).as("what is left").isEqualTo(all.readableBytes());
        }
    }

    @Test
    void whatFollowsAByteThatCannotBeRightIsLeft() {
        ByteBuf input = bytes("GET \1/ HTTP/1.1\r\n\r\n");
        assertThat(HeadReader.ofRequest().read(input)).isEqualTo(HeadReader.Result.REFUSED);
        assertThat(input.toString(StandardCharsets.US_ASCII)).isEqualTo("/ HTTP/1.1\r\n\r\n");
    }

    @Test
    void oneEmptyLineBeforeTheRequestIsTolerated() {
        assertThat(refusal("\r\n" + RIGHT)).isZero();
        assertThat(refusal("\r\n\r\n" + RIGHT)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET / HTTP/1.1\r\nHost: h\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
        "\0GET / HTTP/1.1\r\n\r\n",
        "\u0001",
        "\u0016\u0003\u0001\u0002",
        "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u007f\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: no name\r\n\r\n",
        "GET / HTTP/1.1\r\nÄ: b\r\n\r\n",
        "GET /\r\n\r\n",
        "SSH-2.0-OpenSSH_9\r\n",
        "GET / \r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "GET\t/\tHTTP/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET /é HTTP/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "GET / HTTP/11\r\n\r\n",
    })
    void whatTwoReadersCouldReadDifferentlyIsRefused(String head) {
        assertThat(refusal(head)).isEqualTo(400);
    }

    @Test
    void limitsHaveTheirOwnStatus() {
        assertThat(refusal("GET /" + "a".repeat(9000))).isEqualTo(414);
        assertThat(refusal("GET / HTTP/1.1\r\nA: " + "a".repeat(9000))).isEqualTo(431);
        assertThat(refusal("GET / HTTP/1.1\r\n" + ("A: " + "a".repeat(6000) + "\r\n").repeat(3))).isEqualTo(431);
        assertThat(refusal("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(101) + "\r\n")).isEqualTo(431);
        assertThat(refusal("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(100) + "\r\n")).isZero();
    }

    @Test
    void aResponseIsReadByTheSameRules() {
        HeadReader reader = HeadReader.ofResponse();
        reader.read(bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
        assertThat(reader.response().status()).isEqualTo(101);
        HeadReader none = HeadReader.ofResponse();
        assertThat(none.read(bytes("SSH-2.0-OpenSSH_9\r\n"))).isEqualTo(HeadReader.Result.REFUSED);
    }
}
