package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    private final Headers headers = Headers.of("Cookie", "a=1", "Origin", "http://x", "cookie", "b=2");

    @Test
    void namesAreComparedWithoutCaseAndValuesKeepTheirOrder() {
        assertThat(headers.first("COOKIE")).contains("a=1");
        assertThat(headers.all("Cookie")).containsExactly("a=1", "b=2");
        assertThat(headers.contains("origin")).isTrue();
        assertThat(headers.contains("Host")).isFalse();
        assertThat(headers.first("Host")).isEmpty();
        assertThat(headers.all("Host")).isEmpty();
        assertThatThrownBy(() -> headers.all(null)).isInstanceOf(NullPointerException.class).hasMessage("name");
    }

    @Test
    void aNameIsFoundWholeOrNotAtAll() {
        Headers alike = Headers.of("Hos", "1", "Hosts", "2", "X", "Host:3", "Host", "a:4");
        assertThat(alike.first("Host")).contains("a:4");
        assertThat(alike.all("host")).containsExactly("a:4");
        assertThat(alike.first("Host:a")).isEmpty();
        assertThat(alike.first("")).isEmpty();
        assertThat(Headers.of("X", "").contains("X-much-longer-than-all-lines")).isFalse();
    }

    @Test
    void linesOfAReaderAreTheSameAsNamesAndValues() {
        assertThat(Headers.ofLines("Cookie:a=1\nOrigin:http://x\ncookie:b=2\n")).isEqualTo(headers);
        assertThat(Headers.ofLines("")).isEqualTo(Headers.empty());
        assertThat(Headers.ofLines("X:\nY::\n").all("y")).containsExactly(":");
    }

    /** Names of one length share what tells quickly that a field is not there. */
    @Test
    void eachLineOfAReaderIsFoundByItsName() {
        Headers read = Headers.ofLines("Host:a\nUpgrade:b\nSec-WebSocket-Version:13\n");
        assertThat(read.first("host")).contains("a");
        assertThat(read.first("upgrade")).contains("b");
        assertThat(read.first("sec-websocket-version")).contains("13");
        assertThat(read.contains("Cookie")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "X\n", "X:1", "X:1\nY", "X:1\nY\nZ:1\n", ":1\n", "a b:1\n", "X:1\r\n", "X:\u010a\n", "\n", "X:1\n\n"})
    void linesThatAreNoFieldsAreRefused(String lines) {
        assertThatThrownBy(() -> Headers.ofLines(lines)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a header field: ").hasMessageNotContainingAny("\r", "\n");
    }

    @Test
    void nothingIsAddedByNothing() {
        assertThat(headers.with(Headers.empty())).isEqualTo(headers);
    }

    @Test
    void eachLineIsSeenAsItWasWritten() {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        assertThat(lines).containsExactly("Cookie: a=1", "Origin: http://x", "cookie: b=2");
        assertThat(headers.count()).isEqualTo(3);
        assertThat(Headers.empty().count()).isZero();
    }

    @Test
    void fieldsAreAddedAtTheEndAndTheOriginalStays() {
        assertThat(headers.with("X", "1").with(Headers.of("Y", "2"))).hasToString("[Cookie=a=1, Origin=http://x, cookie=b=2, X=1, Y=2]");
        assertThat(headers.count()).isEqualTo(3);
    }

    @Test
    void headersAreEqualByTheirLines() {
        Headers same = Headers.empty().with("Cookie", "a=1").with("Origin", "http://x").with("cookie", "b=2");
        assertThat(headers).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(headers).isNotEqualTo(Headers.empty()).isNotEqualTo("[Cookie=a=1]");
        assertThat(headers.hashCode()).isNotEqualTo(Headers.empty().hashCode());
    }

    @Test
    void namesAndValuesComeInPairs() {
        assertThatThrownBy(() -> Headers.of("Cookie")).isInstanceOf(IllegalArgumentException.class).hasMessage("a name without a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "é", "a/b", "[", "{", "@"})
    void whatIsNoTokenIsNoName(String name) {
        assertThatThrownBy(() -> headers.with(name, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a header name: ").hasMessageNotContainingAny("\r", "\n");
    }

    @Test
    void everyTokenCharacterMayStandInAName() {
        assertThat(headers.with("azAZ09!#$%&'*+-.^_`|~", "").contains("AZAZ09!#$%&'*+-.^_`|~")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\0", "\u001f", "\u007f", "\u010a", "\uffff"})
    void noValueCanEndItsLineEarly(String value) {
        assertThatThrownBy(() -> headers.with("X", value)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header X");
    }

    @Test
    void visibleCharactersBlanksAndLatin1MayStandInAValue() {
        assertThat(headers.with("X", "a\t ~!\u0080é\u00ff").first("X")).contains("a\t ~!\u0080é\u00ff");
    }

    @Test
    void aLongOrUnprintableTextIsShownShortAndPrintable() {
        assertThat(HeaderSyntax.printable("a\r\n\u007f\u009f\u00a0~é")).isEqualTo("a\\u000d\\u000a\\u007f\\u009f\u00a0~é");
        assertThat(HeaderSyntax.printable("x".repeat(80))).isEqualTo("x".repeat(80));
        assertThat(HeaderSyntax.printable("x".repeat(81))).isEqualTo("x".repeat(80) + "…");
    }

    @Test
    void noPartOfAValueIsTakenForAName() {
        Headers headers = Headers.of("a", "b:c", "Via", "d");
        assertThat(headers.first("a:b")).isEmpty();
        assertThat(headers.first("a")).contains("b:c");
    }
}
