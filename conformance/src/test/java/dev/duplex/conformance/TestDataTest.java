package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestDataTest {

    @ParameterizedTest
    @CsvSource({"json, 3, 8", "bitmap, 1.2, 3", "german, 2, 6", "html, 3, 10", "pdf, 1, 1.6"})
    void eachKindCompressesLikeItsKind(String name, double least, double most) {
        byte[] message = TestData.named(name).next(131_072, false);
        try (Deflate deflate = new Deflate(15, true)) {
            assertThat(message.length / (double) deflate.message(message).length).isBetween(least, most);
        }
    }

    @Test
    void textIsCutBetweenCharactersAndWrapsAround() {
        TestData json = TestData.named("json");
        for (int i = 0; i < 5; i++) {
            byte[] message = json.next(50_000, true);
            String text = new String(message, StandardCharsets.UTF_8);
            assertThat(text.codePointCount(0, text.length())).isEqualTo(50_000);
            assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(message);
            assertThat(message.length).isGreaterThan(50_000);
        }
    }

    @Test
    void theSameDataComesAtEveryRun() {
        assertThat(TestData.named("pdf").next(500_000, false)).isEqualTo(TestData.named("pdf").next(500_000, false));
    }
}
