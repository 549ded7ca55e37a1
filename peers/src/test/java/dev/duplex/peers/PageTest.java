package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of {@code duplex serve} in a browser. */
@Timeout(120)
class PageTest {
    /** The contrast of what a CSS selector finds, by WCAG 2.2: text needs 4.5. */
    private static final String CONTRAST = """
            (selector => {
              const channels = colour => colour.match(/[\\d.]+/g).map(Number);
              const luminance = colour => channels(colour).slice(0, 3).map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = element => {
                const colour = getComputedStyle(element).backgroundColor;
                return channels(colour)[3] === 0 ? ground(element.parentElement) : colour;
              };
              const element = document.querySelector(selector);
              const both = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
              return (both[0] + 0.05) / (both[1] + 0.05);
            })""";

    private static Process server;
    private static String address;
    private static WebDriver browser;

    @BeforeAll
    static void start() throws IOException {
        browser = WebDriver.chromium("--window-size=1200,800");
        server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main", "serve", "--port", "0", "--compress")
                .redirectError(Programs.log("page")).start();
        address = server.inputReader(StandardCharsets.UTF_8).readLine();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            Programs.end(server);
        }
    }

    @BeforeEach
    void openThePage() {
        browser.emulate(1200, "light");
        browser.open(address);
    }

    /** Neither by a script nor by the content security policy. */
    @AfterEach
    void nothingWasComplainedOf() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aMessageTypedInOneTabAppearsInTheOther() throws Exception {
        String ada = browser.tab();
        enter("tea");
        String bob = browser.newTab();
        browser.open(address);
        enter("tea");
        browser.type("#text", "<b>milk</b> & sugar?" + WebDriver.ENTER);
        browser.goTo(ada);
        browser.await("document.querySelector('.message.received .bubble')?.textContent === '<b>milk</b> & sugar?'");
        assertThat(browser.evaluate("document.querySelectorAll('.messages b b').length")).as("never markup").isEqualTo(0);
        browser.type("#text", "yes" + WebDriver.ENTER);
        browser.goTo(bob);
        browser.await("document.querySelector('.message.received .bubble')?.textContent === 'yes'");
        assertThat(browser.evaluate("document.querySelectorAll('.message.received').length")).as("one's own words do not come back").isEqualTo(1);
        browser.closeTab();
        browser.goTo(ada);
    }

    @Test
    void theEchoShowsDirectionSizeAndRoundTrip() throws Exception {
        browser.click("#connect");
        browser.await("document.getElementById('state').dataset.state === 'open'");
        browser.type("#text", "Grüße" + WebDriver.ENTER);
        browser.await("/^↓ received · text, 7 bytes · round trip [0-9.]+ ms$/.test(document.querySelector('.message.received .facts')?.textContent)");
        assertThat(browser.evaluate("document.querySelector('.message.sent .facts').textContent")).isEqualTo("↑ sent · text, 7 bytes");
        browser.evaluate("document.querySelector('input[value=hex]').click()");
        browser.type("#hex", "00 ff 10" + WebDriver.ENTER);
        browser.await("document.querySelectorAll('.message.received .bubble.bytes')[0]?.textContent === '00 ff 10'");
        browser.type("#hex", "0g" + WebDriver.ENTER);
        browser.await("document.getElementById('complaint').textContent.startsWith('Bytes in hex are pairs')");
    }

    @Test
    void whatPassesOnTheWireIsShownAsItHappens() throws Exception {
        browser.click("#connect");
        browser.await("document.querySelector('.handshake')?.textContent.includes('GET /echo?wire=')");
        browser.await("document.querySelector('.handshake').textContent.includes('HTTP/1.1 101 Switching Protocols')");
        browser.type("#text", "hello" + WebDriver.ENTER);
        browser.await("document.querySelectorAll('.row').length === 2");
        browser.click("#connect");
        browser.await("document.querySelectorAll('.row').length === 4");
        browser.await("document.querySelector('.end')?.textContent === 'Closed by the browser: 1000 normal closure'");
        assertThat(browser.evaluate("[...document.querySelectorAll('.row')].map(row => row.getAttribute('aria-label').split(',')[0])"))
                .isEqualTo(List.of("sent: Text", "received: Text", "sent: Close", "received: Close"));
        browser.click(".row");
        // FIN, RSV1 to RSV3, the opcode, MASK, the length: a masked text frame; the browser compresses even five bytes.
        assertThat(browser.evaluate("[...document.querySelectorAll('.picture .digits')].map(group => group.textContent).join(' ')").toString())
                .matches("1 1 0 0 0001 1 [01]{7}");
    }

    @Test
    void theTimeComesWithoutAsking() throws Exception {
        browser.evaluate("document.querySelector('input[value=time]').click()");
        browser.click("#connect");
        browser.await("document.querySelectorAll('.message.received').length >= 2");
    }

    @Test
    void aKeyboardIsEnough() throws Exception {
        browser.press(WebDriver.TAB); // the way to a call
        browser.press(WebDriver.TAB); // to the lab
        browser.press(WebDriver.TAB); // the other language
        browser.press(WebDriver.TAB); // the choice of whom to talk to
        browser.press(WebDriver.TAB); // Connect
        browser.press(WebDriver.ENTER);
        browser.await("document.activeElement.id === 'text' && document.getElementById('state').dataset.state === 'open'");
        browser.press("x");
        browser.press(WebDriver.ENTER);
        browser.await("document.querySelectorAll('.row').length === 2");
        browser.press(WebDriver.TAB); // Send
        browser.press(WebDriver.TAB); // Clear
        browser.press(WebDriver.TAB); // the handshake
        browser.press(WebDriver.TAB); // the frames
        browser.press(WebDriver.DOWN);
        browser.press(WebDriver.ENTER);
        browser.await("document.querySelectorAll('.row')[1].getAttribute('aria-expanded') === 'true'");
    }

    @ParameterizedTest
    @CsvSource({"320, dark", "375, light", "820, dark", "1600, light"})
    void nothingIsWiderThanTheScreenAndAllCanBeRead(int width, String colorScheme) throws Exception {
        browser.emulate(width, colorScheme);
        browser.click("#connect");
        browser.await("document.getElementById('state').dataset.state === 'open'");
        browser.type("#text", "x".repeat(200) + WebDriver.ENTER);
        browser.await("document.querySelectorAll('.row').length === 2");
        browser.click(".row");
        assertThat(browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).isEqualTo(0);
        for (String words : List.of(".about", ".elsewhere a", ".bubble", ".facts", ".facts b", ".note", "#connect", "#send", ".state", ".row .name", ".row .way",
                ".row .flags", ".handshake pre", ".handshake .key", ".meaning dt", ".meaning dd", ".bit-group.flag .caption",
                ".bit-group.mask .caption", ".bit-group.length .caption", ".bit-group.opcode .caption", ".totals", "#clear")) {
            assertThat((Double) browser.evaluate(CONTRAST + "('" + words + "')")).as(words).isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void theOtherLanguageIsAClickAwayAndIsRemembered() throws Exception {
        browser.await("document.documentElement.lang === 'en' && document.getElementById('state-text').textContent === 'Not connected'");
        browser.click("[data-language]");
        browser.await("document.documentElement.lang === 'ko' && document.getElementById('state-text').textContent === '연결되지 않음'");
        browser.open(address + "lab");
        browser.await("document.documentElement.lang === 'ko' && document.getElementById('run').textContent === '시작'");
        browser.click("[data-language]");
        browser.await("document.documentElement.lang === 'en' && document.getElementById('run').textContent === 'Start'");
    }

    @Test
    void theLabCountsTheSameFeedOverFourCarriers() throws Exception {
        browser.open(address + "lab");
        browser.await("document.querySelectorAll('.carrier').length === 4");
        browser.press(WebDriver.TAB); // the other page
        browser.press(WebDriver.TAB); // the page about loss
        browser.press(WebDriver.TAB); // the other language
        browser.press(WebDriver.TAB); // the rate
        browser.press(WebDriver.RIGHT);
        assertThat(browser.evaluate("document.getElementById('rate-value').textContent")).isEqualTo("20");
        browser.press(WebDriver.TAB); // the size
        browser.press(WebDriver.TAB); // Start
        browser.press(WebDriver.ENTER);
        String fact = "(way, fact) => Number(document.querySelector(`[data-way=${way}] [data-fact=${fact}]`).textContent.replace(/[^0-9.]/g, ''))";
        browser.await("['polling', 'long-polling', 'streaming', 'websocket'].every(way => (" + fact + ")(way, 'labMessages') >= 30)");
        assertThat(browser.evaluate("(" + fact + ")('websocket', 'labRequests')")).isEqualTo(1);
        browser.await("(" + fact + ")('long-polling', 'perMessage') > (" + fact + ")('websocket', 'perMessage')");
        assertThat(browser.evaluate("[...document.querySelectorAll('.carrier .lost')].map(lost => lost.textContent).join('')")).isEqualTo("");
        assertThat(browser.evaluate("[...document.querySelectorAll('.carrier polyline')].every(line => line.getAttribute('points').includes(' '))")).isEqualTo(true);
        browser.click("#run");
        browser.await("document.getElementById('state').dataset.state === 'closed'");
        for (int width : List.of(320, 820, 1600)) {
            browser.emulate(width, width == 820 ? "dark" : "light");
            assertThat(browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).as("at " + width).isEqualTo(0);
            for (String words : List.of(".about", ".elsewhere a", ".slider span", ".carrier dt", ".carrier dd", ".carrier figcaption", "#run", ".state")) {
                assertThat((Double) browser.evaluate(CONTRAST + "('" + words + "')")).as(words).isGreaterThanOrEqualTo(4.5);
            }
        }
    }

    private void enter(String room) throws InterruptedException {
        browser.evaluate("document.querySelector('input[value=room]').click()");
        browser.clear("#room");
        browser.type("#room", room);
        browser.click("#connect");
        browser.await("document.getElementById('state-text').textContent === 'Connected to /room/" + room + "'");
    }
}
