package dev.duplex.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageFileTest {

    @ParameterizedTest
    @EnumSource
    void everyFileIsThere(PageFile file) {
        assertThat(file.bytes()).isNotEmpty();
    }

    @Test
    void aPageRefersToItsOwnFilesAlone() {
        assertThat(references(PageFile.INDEX_HTML)).containsExactlyInAnyOrder("/duplex/icon.svg", "/duplex/page.css", "/duplex/page.js", "/call/lobby", "/lab");
        assertThat(references(PageFile.CALL_HTML))
                .containsExactlyInAnyOrder("/duplex/icon.svg", "/duplex/page.css", "/duplex/call.css", "/duplex/call.js", "/", "/lab/webrtc");
        assertThat(references(PageFile.LAB_HTML))
                .containsExactlyInAnyOrder("/duplex/icon.svg", "/duplex/page.css", "/duplex/lab.css", "/duplex/lab.js", "/duplex", "/lab/webrtc");
        assertThat(references(PageFile.LOSS_HTML))
                .containsExactlyInAnyOrder("/duplex/icon.svg", "/duplex/page.css", "/duplex/lab.css", "/duplex/loss.css", "/duplex/loss.js", "/lab", "/call/lobby");
    }

    private static Stream<String> references(PageFile page) {
        return Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(text(page)).results().map(found -> found.group(1)).distinct();
    }

    @ParameterizedTest
    @EnumSource(names = ".*_HTML", mode = EnumSource.Mode.MATCH_ALL)
    void nothingIsInlineSoThatTheContentSecurityPolicyHolds(PageFile page) {
        assertThat(text(page)).doesNotContain("style=", "<style", "onclick", "javascript:").doesNotContainPattern("<script[^>]*>[^<]");
    }

    @ParameterizedTest
    @EnumSource(names = ".*_JS", mode = EnumSource.Mode.MATCH_ALL)
    void aScriptImportsWhatIsThere(PageFile script) {
        Stream<String> imports = Pattern.compile("from \"\\./([^\"]*)\"").matcher(text(script)).results().map(found -> found.group(1));
        assertThat(Stream.of(PageFile.values()).map(PageFile::fileName)).containsAll(imports.toList());
    }

    /** What a peer sends is never read as markup. */
    @ParameterizedTest
    @EnumSource(names = ".*_JS", mode = EnumSource.Mode.MATCH_ALL)
    void textNeverBecomesMarkup(PageFile script) {
        assertThat(text(script)).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    private static String text(PageFile file) {
        return new String(file.bytes(), UTF_8);
    }
}
