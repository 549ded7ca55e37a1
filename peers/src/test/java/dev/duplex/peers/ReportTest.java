package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.lab.ReportPage;
import dev.duplex.lab.WhyTcp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lab's report, opened as a file in a browser. */
@Timeout(120)
class ReportTest {
    /** Whether what is seen is in one language alone. */
    private static final String SPEAKS = """
            (language => document.documentElement.lang === language && document.title === document.querySelector(`#lab-name .${language}`).textContent
              && [...document.querySelectorAll('.en, .ko')].every(text => text.classList.contains(language) === (getComputedStyle(text).display !== 'none'))
              && [...document.querySelectorAll('.langs button')].every(button => button.getAttribute('aria-pressed') === String(button.lang === language)))""";

    @Test
    void theSwitchTurnsTheReportIntoTheOtherLanguageAndIsRemembered() throws Exception {
        Path report = Files.writeString(Programs.log("report").toPath().resolveSibling("report.html"),
                ReportPage.of(null, new WhyTcp(WhyTcp.feed(Duration.ofSeconds(1)), 5, null, null, "no network")));
        try (WebDriver browser = WebDriver.chromium("--lang=en-US")) {
            browser.open(report.toUri().toString());
            browser.await(SPEAKS + "('en')");
            browser.click(".langs button[lang=ko]");
            browser.await(SPEAKS + "('ko')");
            browser.reload();
            browser.await(SPEAKS + "('ko')");
            browser.click(".langs button[lang=en]");
            browser.await(SPEAKS + "('en')");
            assertThat(browser.console()).isEmpty();
        }
    }
}
