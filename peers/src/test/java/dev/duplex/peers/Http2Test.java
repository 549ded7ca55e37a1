package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of {@code duplex serve} over HTTP/2 in a browser, and its WebSocket over the same connection. */
@Timeout(120)
class Http2Test {

    @Test
    void aBrowserOpensItsWebSocketOverTheConnectionThatBroughtThePage() throws Exception {
        Process server = serve();
        try (WebDriver browser = WebDriver.chromium("--ignore-certificate-errors", "--window-size=1200,800")) {
            browser.open(server.inputReader(StandardCharsets.UTF_8).readLine());
            assertThat(browser.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")).isEqualTo("h2");
            browser.click("#connect");
            browser.await("document.getElementById('state').dataset.state === 'open'");
            browser.type("#text", "over one connection" + WebDriver.ENTER);
            browser.await("document.querySelector('.message.received .bubble')?.textContent === 'over one connection'");
            browser.await("document.querySelector('.handshake')?.textContent.includes('CONNECT /echo?wire=')");
            browser.await("document.querySelector('.handshake').textContent.includes('HTTP/2 200')");
            browser.click("#connect");
            browser.await("document.querySelector('.end')?.textContent === 'Closed by the browser: 1000 normal closure'");
        } finally {
            Programs.end(server);
        }
    }

    @Test
    void whatGoesOverPlainHttpGoesOverStreamsToo() throws Exception {
        Process server = serve();
        try (WebDriver browser = WebDriver.chromium("--ignore-certificate-errors", "--window-size=1200,800")) {
            browser.open(server.inputReader(StandardCharsets.UTF_8).readLine() + "lab");
            browser.await("document.querySelectorAll('.carrier').length === 4");
            browser.click("#run");
            browser.await("['polling', 'long-polling', 'streaming', 'websocket'].every(way => Number(document.querySelector("
                    + "`[data-way=${way}] [data-fact=labMessages]`).textContent.replace(/[^0-9.]/g, '')) >= 10)");
            assertThat(browser.evaluate("performance.getEntriesByType('resource').every(resource => resource.nextHopProtocol === 'h2')")).isEqualTo(true);
            browser.click("#run");
            browser.await("document.getElementById('state').dataset.state === 'closed'");
        } finally {
            Programs.end(server);
        }
    }

    private static Process serve() throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main", "serve", "--port", "0", "--tls-self-signed")
                .redirectError(Programs.log("http2")).start();
    }
}
