package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @Test
    void everyControlCharacterButLineEndAndTabIsEscaped() {
        IntStream.concat(IntStream.range(0, 0x20), IntStream.range(0x7F, 0xA0)).filter(c -> c != '\n' && c != '\t').forEach(c ->
                assertThat(Printable.text("a" + (char) c + "b")).isEqualTo("a\\u%04xb".formatted(c)));
        assertThat(Printable.text("a\n\tb")).isEqualTo("a\n\tb");
    }

    @ParameterizedTest
    @CsvSource({"202A", "202B", "202C", "202D", "202E", "2066", "2067", "2068", "2069", "200E", "200F", "061C", "200B", "2028", "2029", "FEFF"})
    void directionOverridesAndInvisibleCharactersAreEscaped(String hex) {
        assertThat(Printable.text("a" + (char) Integer.parseInt(hex, 16) + "b")).isEqualTo("a\\u" + hex.toLowerCase() + "b");
    }

    @Test
    void anInvisibleTagIsEscapedAsASurrogatePair() {
        assertThat(Printable.text(Character.toString(0xE0041))).isEqualTo("\\udb40\\udc41");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "Grüße", "日本語", "👩\u200d💻", "می\u200cخواهم", "back\\slash"})
    void ordinaryWritingStaysAsItIs(String text) {
        assertThat(Printable.text(text)).isSameAs(text);
    }

    @Test
    void oneLineStaysOneLine() {
        assertThat(Printable.line("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
    }

    @Test
    void bytesThatAreTextAreShownAsText() {
        assertThat(Printable.text("h\u001bö".getBytes(UTF_8))).isEqualTo("h\\u001bö");
    }

    @Test
    void bytesThatAreNoTextAreEscapedOneByOne() {
        assertThat(Printable.text(new byte[] {'h', (byte) 0xFF, 0, 'i'})).isEqualTo("h\\xff\\u0000i");
    }
}
