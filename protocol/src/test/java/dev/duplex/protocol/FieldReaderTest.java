package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldReaderTest {
    /** Each position is looked at by at most: the end of a token, blanks, three separators. */
    private static final int LOOKS_AT_A_CHARACTER = 8;

    /** Text that counts how often a character of it is looked at. */
    private record Counted(String text, AtomicLong looks) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks.incrementAndGet();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            looks.addAndGet(end - start);
            return text.substring(start, end);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"b%sx|\t", "x; a=\"%s|\\b", "x; a=\"%s\"|\\\"", "%s|,", "%s| ,", "a%s|;a", "a;%s|b=", "a;b=%s|\"", "%s|a,", "%s|a",
        "a%s|;b=\"\\c\""})
    void everyCharacterIsLookedAtAFixedNumberOfTimes(String attack) {
        String[] frameAndFill = attack.split("\\|");
        for (int repeats : new int[] {10, 1_000, 100_000}) {
            Counted text = new Counted(frameAndFill[0].formatted(frameAndFill[1].repeat(repeats)), new AtomicLong());
            FieldReader.readLists(List.of(text), reader -> {
                String name = reader.token();
                while (name != null && reader.take(';')) {
                    if (reader.token() == null || reader.take('=') && reader.tokenOrQuoted() == null) {
                        return false;
                    }
                }
                return name != null;
            });
            assertThat(text.looks().get()).isLessThanOrEqualTo(LOOKS_AT_A_CHARACTER * (long) text.length());
        }
    }

    @Test
    void tokensAreReadOverSeveralLines() {
        assertThat(FieldReader.tokens(List.of("a,\tb ", ",c,,"))).contains(List.of("a", "b", "c"));
        assertThat(FieldReader.tokens(List.of())).contains(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "a b", "a;b", "a/b", "\"a\"", "a,\u0080", "a,\u00e4", "a=b"})
    void malformedTokenListsAreTold(String line) {
        assertThat(FieldReader.tokens(List.of(line))).isEmpty();
    }

    @Test
    void aTokenIsFoundWithoutCaseAmongAnything() {
        assertThat(FieldReader.hasToken(List.of("keep-alive, UPGRADE"), "Upgrade")).isTrue();
        assertThat(FieldReader.hasToken(List.of("TLS/1.0", "\twebSocket "), "websocket")).isTrue();
        assertThat(FieldReader.hasToken(List.of("websocket2, web socket, websocket/13"), "websocket")).isFalse();
        assertThat(FieldReader.hasToken(List.of(), "websocket")).isFalse();
    }
}
