package dev.duplex.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {
    private static Function<String, Optional<String>> query(String query) {
        return name -> Arrays.stream(query.split("&")).filter(pair -> pair.startsWith(name + "=")).map(pair -> pair.substring(name.length() + 1)).findFirst();
    }

    @Test
    void aFeedIsReadFromItsQuery() {
        Feed feed = new Feed(Direction.BOTH, 250, 1024, Duration.ofMillis(1500));
        assertThat(Feed.of(query(feed.toQuery()))).isEqualTo(feed);
        assertThat(feed.messages()).isEqualTo(375);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate=0", "rate=10001", "rate=-1", "rate=a", "size=63", "size=65537", "millis=0", "millis=120001", "direction=down",
        "rate=10000&size=1000", "size=99999999999"})
    void whatIsOutOfBoundsIsRefused(String query) {
        assertThatIllegalArgumentException().isThrownBy(() -> Feed.of(query(query)));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 125, 126, 1000, 65_536})
    void aMessageHasExactlyItsSizeAndIsReadAgain(int size) {
        byte[] bytes = FeedMessage.text(42, 1_767_225_600_123_456_789L, size).getBytes(US_ASCII);
        assertThat(bytes).hasSize(size);
        assertThat(FeedMessage.of(bytes)).isEqualTo(new FeedMessage(42, 1_767_225_600_123_456_789L));
    }

    @Test
    void otherWordsAreNoMessages() {
        assertThat(FeedMessage.of("start 0".getBytes(US_ASCII))).isNull();
        assertThat(FeedMessage.of("{".repeat(100).getBytes(US_ASCII))).isNull();
        assertThat(FeedMessage.of(new byte[0])).isNull();
    }

    @Test
    void aSumCanBeSentAndRead() {
        Arrivals arrivals = new Arrivals();
        arrivals.add(new FeedMessage(0, 1_000_000), 3_000_000, 0);
        arrivals.add(new FeedMessage(2, 1_000_000), 3_000_000, 0);
        arrivals.add(new FeedMessage(2, 1_000_000), 5_000_000, -1_000_000);
        Arrivals read = Arrivals.parse(arrivals.toLine());
        assertThat(read.count()).isEqualTo(3);
        assertThat(read.wrong()).isEqualTo(2);
        assertThat(read.latency().percentile(100).toMillis()).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> Arrivals.parse("1 2"));
    }
}
