package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Any bytes as HTTP/1.1: one meaning for every cut, memory within the limits, and a head that reads the same when written again. */
class HttpFuzzTest {
    /** The line under way, in an array that doubles, and the strings of all lines. */
    private static final int MOST_HELD = 2 * HeadReader.MAX_LINE_BYTES + 2 * (HeadReader.MAX_HEADER_BYTES + HeadReader.MAX_LINE_BYTES);
    private static final int MOST_BODY = 1000;

    @FuzzTest(maxDuration = "60s")
    void aRequestMeansTheSameHoweverItIsCut(FuzzedDataProvider data) {
        HeadReader whole = sameForEveryCut(HeadReader::ofRequest, data);
        if (whole.status() == 0 && whole.read(Unpooled.EMPTY_BUFFER) == HeadReader.Result.COMPLETE) {
            OpeningRequest request = whole.request();
            assertPlain(request.headers());
            String again = request.method() + " " + request.target() + " " + request.version() + fields(request.headers());
            HeadReader second = HeadReader.ofRequest();
            assertThat(second.read(bytes(again))).isEqualTo(HeadReader.Result.COMPLETE);
            assertThat(second.request()).isEqualTo(request);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anAnswerMeansTheSameHoweverItIsCut(FuzzedDataProvider data) {
        HeadReader whole = sameForEveryCut(HeadReader::ofResponse, data);
        if (whole.status() == 0 && whole.read(Unpooled.EMPTY_BUFFER) == HeadReader.Result.COMPLETE) {
            OpeningResponse response = whole.response();
            assertPlain(response.headers());
            assertThat(response.status()).isBetween(100, 599);
            HeadReader second = HeadReader.ofResponse();
            assertThat(second.read(bytes("HTTP/1.1 " + response.status() + fields(response.headers())))).isEqualTo(HeadReader.Result.COMPLETE);
            assertThat(second.response()).isEqualTo(response);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aBodyMeansTheSameHoweverItIsCut(FuzzedDataProvider data) {
        Headers headers = data.consumeBoolean() ? Headers.of("Transfer-Encoding", "chunked")
                : Headers.of("Content-Length", Integer.toString(data.consumeInt(0, 2 * MOST_BODY)));
        OpeningRequest request = new OpeningRequest("POST", "/", "HTTP/1.1", headers);
        int[] cuts = {data.consumeInt(1, 3), data.consumeInt(1, 300)};
        byte[] input = data.consumeRemainingAsBytes();
        BodyReader whole = BodyReader.of(request, MOST_BODY);
        ByteBuf all = Unpooled.wrappedBuffer(input);
        HeadReader.Result result = whole.read(all);
        BodyReader cut = BodyReader.of(request, MOST_BODY);
        HeadReader.Result last = cut.read(Unpooled.EMPTY_BUFFER);
        int taken = 0;
        for (ByteBuf piece : pieces(input, cuts)) {
            last = cut.read(piece);
            taken = piece.readerIndex() + taken;
            assertThat(cut.heldBytes()).isLessThanOrEqualTo(2 * MOST_BODY);
        }
        assertThat(last).isEqualTo(result);
        assertThat(cut.status()).isEqualTo(whole.status());
        assertThat(taken).isEqualTo(all.readerIndex());
        if (result == HeadReader.Result.COMPLETE) {
            assertThat(cut.body()).isEqualTo(whole.body()).hasSizeLessThanOrEqualTo(MOST_BODY);
        }
    }

    private static HeadReader sameForEveryCut(Supplier<HeadReader> readers, FuzzedDataProvider data) {
        int[] cuts = {data.consumeInt(1, 3), data.consumeInt(1, 300)};
        byte[] input = data.consumeRemainingAsBytes();
        HeadReader whole = readers.get();
        ByteBuf all = Unpooled.wrappedBuffer(input);
        HeadReader.Result result = whole.read(all);
        HeadReader cut = readers.get();
        HeadReader.Result last = HeadReader.Result.INCOMPLETE;
        int taken = 0;
        for (ByteBuf piece : pieces(input, cuts)) {
            last = cut.read(piece);
            taken += piece.readerIndex();
            assertThat(cut.heldBytes()).isLessThanOrEqualTo(MOST_HELD);
        }
        assertThat(last).isEqualTo(result);
        assertThat(cut.status()).isEqualTo(whole.status());
        assertThat(cut.fault()).isEqualTo(whole.fault());
        assertThat(taken).as("what is left for frames").isEqualTo(all.readerIndex());
        return whole;
    }

    private static List<ByteBuf> pieces(byte[] input, int... sizes) {
        List<ByteBuf> pieces = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < input.length; i++) {
            int length = Math.min(input.length - at, sizes[i % sizes.length]);
            pieces.add(Unpooled.wrappedBuffer(input, at, length));
            at += length;
        }
        return pieces;
    }

    private static void assertPlain(Headers headers) {
        assertThat(headers.count()).isLessThanOrEqualTo(HeadReader.MAX_HEADERS);
        headers.forEach((name, value) -> {
            assertThat(name).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            assertThat(value).doesNotContain("\r", "\n", "\0");
        });
    }

    private static String fields(Headers headers) {
        StringBuilder text = new StringBuilder("\r\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }

    private static ByteBuf bytes(String latin1) {
        return Unpooled.wrappedBuffer(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
