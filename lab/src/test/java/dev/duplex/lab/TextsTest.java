package dev.duplex.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Both languages say everything. */
class TextsTest {
    /** What is the same in both. */
    private static final Set<String> NAMES = Set.of("websocket", "why.udp", "why.websocket");

    @Test
    void bothLanguagesHaveTheSameTexts() {
        assertThat(Texts.load("ko.properties").stringPropertyNames()).isEqualTo(Texts.load("en.properties").stringPropertyNames()).isNotEmpty();
    }

    @Test
    void noTextIsEmptyOrUntranslated() {
        var korean = Texts.load("ko.properties");
        Texts.load("en.properties").forEach((key, english) -> {
            String text = korean.getProperty((String) key);
            assertThat(text).as((String) key).isNotBlank();
            assertThat(english.toString()).as((String) key).isNotBlank().doesNotContainPattern("[가-힣]");
            if (!NAMES.contains(key)) {
                assertThat(text).as((String) key).isNotEqualTo(english);
            }
            assertThat(text.split("%s", -1)).as((String) key).hasSize(english.toString().split("%s", -1).length);
        });
    }

    @Test
    void almostEveryTextIsInHangul() {
        Set<String> symbols = Set.of("websocket", "why.udp", "why.websocket", "p50", "p99", "p999");
        Texts.load("ko.properties").forEach((key, text) -> {
            if (!symbols.contains(key)) {
                assertThat(text.toString()).as((String) key).containsPattern("[가-힣]");
            }
        });
    }

    @Test
    void anUnknownTextIsAMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> Texts.html("nothing"));
    }
}
