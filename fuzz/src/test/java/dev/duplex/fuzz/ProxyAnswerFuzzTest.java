package dev.duplex.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.proxy.Proxy;
import dev.duplex.proxy.ProxyHandshake;
import dev.duplex.proxy.ProxyHandshake.Step;
import dev.duplex.proxy.ProxyRoute;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Anything that a proxy may say to a client on its way. */
class ProxyAnswerFuzzTest {
    /** A greeting, or a name and a password of 255 bytes each. */
    private static final int MOST_SAID = 600;

    private static ProxyHandshake through(String proxy) {
        try {
            return ProxyRoute.through(Proxy.parse(proxy)).to("192.0.2.1", 443);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Says the rest in pieces until something has come of it; null if nothing has. */
    private static Step after(ProxyHandshake handshake, byte[] input, int piece) {
        for (int at = 0; at < input.length; at += piece) {
            Step step = handshake.receive(ByteBuffer.wrap(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length))));
            if (!(step instanceof Step.Send)) {
                return step;
            }
        }
        return null;
    }

    private static void assertOneLine(Step step) {
        if (step instanceof Step.Failed failed) {
            assertThat(failed.why()).doesNotContainPattern("[^ -~]").hasSizeLessThan(400);
        }
    }

    /** A proxy that asks for Basic or Digest chooses much of what the client says next, but not its lines. */
    @FuzzTest(maxDuration = "60s")
    void anHttpProxysAnswerOpensAsksOrFails(FuzzedDataProvider data) {
        int piece = data.consumeInt(1, 40);
        byte[] input = data.consumeRemainingAsBytes();
        Step cut = after(through("http://user:secret@proxy.example:3128"), input, piece);
        Step whole = input.length == 0 ? null : after(through("http://user:secret@proxy.example:3128"), input, input.length);
        assertOneLine(cut);
        // What follows an open way is refused only if it comes with it.
        if (!(cut instanceof Step.Open)) {
            assertThat(cut == null ? null : cut.getClass()).isEqualTo(whole == null ? null : whole.getClass());
        }
        if (cut instanceof Step.Again again) {
            String said = new String(again.next().begin(), StandardCharsets.ISO_8859_1);
            assertThat(said).startsWith("CONNECT 192.0.2.1:443 HTTP/1.1\r\n").endsWith("\r\n\r\n");
            assertThat(said.substring(0, said.length() - 4).lines()).allMatch(line -> line.matches("CONNECT [!-~]+ HTTP/1.1|(Host|Proxy-Authorization|User-Agent|Proxy-Connection): [\\t -~\\x80-\\xff]+"));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aSocksProxysAnswerOpensOrFailsAndIsAnsweredBriefly(FuzzedDataProvider data) {
        ProxyHandshake handshake = through(data.pickValue(new String[] {"socks5://user:secret@proxy.example:1080", "socks5://proxy.example", "socks4a://user@proxy.example"}));
        int piece = data.consumeInt(1, 40);
        byte[] input = data.consumeRemainingAsBytes();
        int said = handshake.begin().length;
        for (int at = 0; at < input.length; at += piece) {
            Step step = handshake.receive(ByteBuffer.wrap(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length))));
            assertOneLine(step);
            if (!(step instanceof Step.Send(byte[] bytes))) {
                assertThat(step).isNotInstanceOf(Step.Again.class);
                return;
            }
            said += bytes.length;
            assertThat(said).isLessThan(2 * MOST_SAID);
            assertThat(at).as("an answer has an end").isLessThan(1000);
        }
    }
}
