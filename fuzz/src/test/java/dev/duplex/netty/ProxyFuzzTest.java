package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes where a proxy that is trusted puts its PROXY header. */
class ProxyFuzzTest {
    /** What is known at some moment: a header, why there is none, or neither yet; and what was taken. */
    private record Known(ProxyHeader header, String fault, int taken) {
        static Known of(byte[] input, int length) {
            ByteBuf read = Unpooled.wrappedBuffer(input, 0, length);
            try {
                ProxyHeader header = ProxyHeader.read(read);
                return new Known(header, null, read.readerIndex());
            } catch (ProxyHeader.Malformed e) {
                return new Known(null, e.getMessage(), 0);
            }
        }

        boolean isDecided() {
            return header != null || fault != null;
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aProxyHeaderMeansTheSameHoweverItIsCut(FuzzedDataProvider data) {
        int step = data.consumeInt(1, 40);
        byte[] input = data.consumeRemainingAsBytes();
        Known whole = Known.of(input, input.length);
        Known now = Known.of(input, 0);
        for (int length = Math.min(step, input.length); !now.isDecided() && length < input.length; length = Math.min(length + step, input.length)) {
            assertThat(now.taken()).as("nothing is taken before all is there").isZero();
            now = Known.of(input, length);
        }
        if (now.isDecided()) {
            assertThat(now.header()).isEqualTo(whole.header());
            assertThat(now.taken()).isEqualTo(whole.taken());
        }
        if (!whole.isDecided()) {
            assertThat(input.length).as("what is waited with").isLessThan(ProxyHeader.MAX_BYTES);
        }
        assertThat(whole.taken()).isLessThanOrEqualTo(ProxyHeader.MAX_BYTES);
        if (whole.header() != null && whole.header().source() != null) {
            assertThat(whole.header().source().isUnresolved()).as("an address, never a name that is asked for").isFalse();
            assertThat(whole.header().source().getPort()).isBetween(0, 65_535);
        }
    }
}
