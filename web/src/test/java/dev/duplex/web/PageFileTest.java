package dev.duplex.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void thePageRefersToItsOwnFilesAlone() {
        Matcher reference = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(text(PageFile.INDEX_HTML));
        assertThat(reference.results().map(found -> found.group(1)).distinct())
                .containsExactlyInAnyOrder("/duplex/icon.svg", "/duplex/page.css", "/duplex/page.js");
    }

    @Test
    void nothingIsInlineSoThatTheContentSecurityPolicyHolds() {
        assertThat(text(PageFile.INDEX_HTML)).doesNotContain("style=", "<style", "onclick", "javascript:").doesNotContainPattern("<script[^>]*>[^<]");
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
