package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which frames of HTTP/2 are counted, whatever their stream. */
class FrameTallyTest {
    private static final String WINDOW_UPDATE = "000004 08 00 00000007 00000001";

    private static ByteBuf times(int count, String frame) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame.replace(" ", "").repeat(count)));
    }

    private static boolean allows(FrameTally tally, int count, String frame) {
        return tally.allows(times(count, frame), 0);
    }

    @ParameterizedTest
    @CsvSource({
        "000008 06 00 00000000 0102030405060708, 1000", // PING
        "000008 06 01 00000000 0102030405060708, 1000",
        "000000 04 00 00000000, 1000",                  // SETTINGS
        "000005 02 00 00000009 0000000010, 1000",       // PRIORITY
        "000008 07 00 00000000 0000000000000000, 1000", // GOAWAY
        "000001 5a 00 000000ff 00, 1000",               // nobody knows what
        "000000 00 00 00000001, 1000",                  // DATA without data
        "000004 03 00 00000001 00000008, 200",          // RST_STREAM
        WINDOW_UPDATE + ", 10000",
    })
    void aFloodIsOneFrameMoreThanIsAllowed(String frame, int most) {
        FrameTally tally = new FrameTally(0, 0);
        assertThat(allows(tally, most, frame)).isTrue();
        assertThat(allows(tally, 1, frame)).isFalse();
        assertThat(allows(tally, 1, frame)).as("for good").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"000001 00 00 00000001 00", "000000 00 01 00000001", "000001 01 04 00000001 82", "000001 09 04 00000001 82"})
    void whatCarriesSomethingIsNotCounted(String frame) {
        assertThat(allows(new FrameTally(0, 0), 20_000, frame)).isTrue();
    }

    @Test
    void whatIsGatheredIsWhatHasComeAndNotWhatWasAnnounced() {
        FrameTally tally = new FrameTally(3, 0);
        assertThat(gathered(tally, "ff ff")).as("the preface").isZero();
        assertThat(gathered(tally, "ff 000004 00 00 00000001 01")).isEqualTo(1);
        assertThat(gathered(tally, "02 03")).isEqualTo(3);
        assertThat(gathered(tally, "04")).as("a frame that is whole").isZero();
        assertThat(gathered(tally, "ffffff 00 00 00000001 01 02")).isEqualTo(2);
    }

    @Test
    void aHeadIsGatheredUntilItsLastFrameHasCome() {
        FrameTally tally = new FrameTally(0, 0);
        assertThat(gathered(tally, "000003 01 00 00000001 01 02")).isEqualTo(2);
        assertThat(gathered(tally, "03")).isEqualTo(3);
        assertThat(gathered(tally, "000002 09 00 00000001 01")).isEqualTo(4);
        assertThat(gathered(tally, "02 000001 09 04 00000001")).isEqualTo(5);
        assertThat(gathered(tally, "01")).as("END_HEADERS").isZero();
        assertThat(gathered(tally, "000002 01 04 00000003 01")).isEqualTo(1);
        assertThat(gathered(tally, "01")).isZero();
    }

    private static int gathered(FrameTally tally, String hex) {
        assertThat(allows(tally, 1, hex)).isTrue();
        return tally.gatheredBytes();
    }

    @Test
    void framesAreCountedHoweverTheyAreCut() {
        String ping = "000008 06 00 00000000 0102030405060708";
        for (int cut = 1; cut < 17; cut++) {
            FrameTally tally = new FrameTally(3, 0);
            assertThat(allows(tally, 1, "ffffff")).isTrue();
            ByteBuf all = times(1001, ping);
            boolean isAllowed = true;
            int allowed = 0;
            while (isAllowed && all.isReadable()) {
                ByteBuf piece = all.readSlice(Math.min(cut, all.readableBytes()));
                isAllowed = tally.allows(piece, 0);
                assertThat(piece.readerIndex()).as("left as it is").isZero();
                allowed += isAllowed ? piece.readableBytes() : 0;
            }
            assertThat(isAllowed).isFalse();
            assertThat(allowed).isBetween(1000 * 17 + 5 - cut, 1000 * 17 + 5);
        }
    }

    @Test
    void whatWasSentEarnsRoomToBeGranted() {
        FrameTally tally = new FrameTally(0, 0);
        for (int i = 0; i < 50; i++) {
            assertThat(allows(tally, 4 * 65, WINDOW_UPDATE)).isTrue();
            tally.sent(64 * 1024);
        }
        tally.sent(1 << 30);
        assertThat(allows(tally, 10_000, WINDOW_UPDATE)).isTrue();
        assertThat(allows(tally, 1, WINDOW_UPDATE)).as("nothing is saved up").isFalse();
    }

    @Test
    void afterTheWindowOfTimeAllIsForgotten() {
        FrameTally tally = new FrameTally(0, 0);
        assertThat(allows(tally, 10_000, WINDOW_UPDATE)).isTrue();
        assertThat(tally.allows(times(10_000, WINDOW_UPDATE), TimeUnit.SECONDS.toNanos(FrameTally.WINDOW_SECONDS))).isTrue();
    }
}
