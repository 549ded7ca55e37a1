package dev.duplex.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One feed over a WebSocket and two data channels, first on a network that loses nothing, then on one that loses one packet in ten.
 *
 * <p>A program of its own, so that it can run on a network of its own. Each {@link Act} that goes well is printed.
 */
final class LossScene implements AutoCloseable {
    /** What happens, in this order. */
    enum Act {
        A_KEYBOARD_STARTS_IT(false),
        WITHOUT_LOSS_ALL_THREE_DELIVER(false),
        TCP_AND_THE_RELIABLE_CHANNEL_DELIVER_ALL(true),
        THE_UNRELIABLE_CHANNEL_LOSES_SOME_AND_SHOWS_IT(true),
        WHAT_THE_UNRELIABLE_CHANNEL_DELIVERS_IS_NOT_LATE(true),
        IT_STARTS_ANEW(false),
        IT_SPEAKS_KOREAN(false),
        THE_CONTENT_SECURITY_POLICY_IS_KEPT(false);

        final boolean needsLoss;

        Act(boolean needsLoss) {
            this.needsLoss = needsLoss;
        }
    }

    /** Printed where no packet can be lost. */
    static final String NO_LOSS = "a network namespace with nft is not installed";

    private static final String FACT = "((way, fact) => Number(document.querySelector(`[data-way=${way}] [data-fact=${fact}]`).textContent.replace(/[^0-9.]/g, '')))";
    private static final List<String> WAYS = List.of("websocket", "reliable", "unreliable");

    private final Process server;
    private final String address;
    private final WebDriver browser;
    private boolean isLossy;

    private LossScene() throws IOException {
        server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main", "serve", "--port", "0")
                .redirectError(Programs.log("loss")).start();
        address = server.inputReader(StandardCharsets.UTF_8).readLine();
        browser = WebDriver.chromium("--allow-loopback-in-peer-connection", "--use-fake-device-for-media-stream", "--window-size=1200,800");
    }

    private static boolean isAlone() {
        return System.getProperty("loopback.only") != null;
    }

    /** Plays all acts; the exit status tells whether all went well. */
    public static void main(String... arguments) throws Exception {
        try (LossScene scene = new LossScene()) {
            for (Act act : Act.values()) {
                if (!act.needsLoss || scene.lossy()) {
                    scene.play(act);
                    System.out.println(act);
                } else {
                    System.out.println(NO_LOSS);
                }
            }
        }
    }

    private void play(Act act) throws Exception {
        switch (act) {
            case A_KEYBOARD_STARTS_IT -> keyboard();
            case WITHOUT_LOSS_ALL_THREE_DELIVER -> lossless();
            case TCP_AND_THE_RELIABLE_CHANNEL_DELIVER_ALL -> lossyFeed();
            case THE_UNRELIABLE_CHANNEL_LOSES_SOME_AND_SHOWS_IT -> losses();
            case WHAT_THE_UNRELIABLE_CHANNEL_DELIVERS_IS_NOT_LATE -> latencies();
            case IT_STARTS_ANEW -> anew();
            case IT_SPEAKS_KOREAN -> korean();
            case THE_CONTENT_SECURITY_POLICY_IS_KEPT -> policy();
        }
    }

    private void keyboard() throws InterruptedException {
        browser.allowCameraAndMicrophone(); // without, Chromium names one address alone, that of the default route: here is none
        browser.open(address + "lab/webrtc");
        browser.await("document.querySelectorAll('.carrier').length === 3");
        browser.press(WebDriver.TAB); // the lab
        browser.press(WebDriver.TAB); // the call
        browser.press(WebDriver.TAB); // the other language
        browser.press(WebDriver.TAB); // the rate
        browser.press(WebDriver.RIGHT);
        require("document.getElementById('rate-value').textContent === '100'");
        browser.press(WebDriver.TAB); // the size
        browser.press(WebDriver.TAB); // Start
        browser.press(WebDriver.ENTER);
        browser.await("document.getElementById('state').dataset.state === 'open'");
    }

    private void lossless() throws InterruptedException {
        awaitSent(100);
        browser.click("#run");
        browser.await("document.getElementById('state').dataset.state === 'closed'");
        for (String way : WAYS) {
            browser.await(fact(way, "lossArrived") + " === " + fact(way, "lossSent"));
            require(fact(way, "lossLost") + " === 0");
            require("document.querySelector('[data-way=" + way + "] .came').getAttribute('d').split('M').length > 50");
        }
    }

    /** The browser and its driver talk undisturbed: only what the page sends is lost, there and back. */
    private boolean lossy() {
        if (!isLossy && isAlone()) {
            int port = URI.create(address).getPort();
            String drop = " numgen random mod 100 < 10 drop; ";
            String rules = "add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in meta l4proto udp" + drop
                    + "add rule inet t in tcp sport " + port + drop + "add rule inet t in tcp dport " + port + drop;
            isLossy = Programs.run(new ProcessBuilder("sh", "-c", "nft '" + rules + "'"), "nft") == 0;
        }
        return isLossy;
    }

    private void lossyFeed() throws InterruptedException {
        browser.click("#run");
        browser.await("document.getElementById('state').dataset.state === 'open'");
        awaitSent(500);
        browser.click("#run");
        for (String way : List.of("websocket", "reliable")) {
            browser.await(fact(way, "lossArrived") + " === " + fact(way, "lossSent") + " && " + fact(way, "lossLost") + " === 0");
            require(fact(way, "lossReordered") + " === 0");
        }
    }

    /** Of 500 messages that pass two such hurdles, none is lost once in 10^45 runs. */
    private void losses() throws InterruptedException {
        browser.await(fact("unreliable", "lossLost") + " > 0");
        browser.await(fact("unreliable", "lossLost") + " + " + fact("unreliable", "lossArrived") + " === " + fact("unreliable", "lossSent"));
        require(fact("unreliable", "lossArrived") + " > " + fact("unreliable", "lossLost"));
        require("document.querySelector('[data-way=unreliable] .gone').getAttribute('d').includes('M')");
        require("document.querySelector('[data-way=websocket] .gone').getAttribute('d') === ''");
    }

    /** One message in five meets a loss: what waits for it, and for those before it, is later than most that do not. */
    private void latencies() {
        for (String way : List.of("websocket", "reliable")) {
            require(fact("unreliable", "roundMedian") + " < " + fact(way, "roundP99"));
        }
    }

    /** Once a second now, so that what is counted is little for long. */
    private void anew() throws InterruptedException {
        browser.type("#rate", WebDriver.HOME);
        require("document.getElementById('rate-value').textContent === '1'");
        browser.click("#run");
        browser.await("document.getElementById('state').dataset.state === 'open'");
        browser.await(fact("websocket", "lossSent") + " > 0 && " + fact("websocket", "lossSent") + " < 50");
    }

    private void korean() throws InterruptedException {
        browser.click("[data-language]");
        browser.await("document.documentElement.lang === 'ko' && document.getElementById('run').textContent === '시작'");
    }

    private void policy() {
        for (Object entry : browser.console()) {
            throw new AssertionError(String.valueOf(((Map<?, ?>) entry).get("message")));
        }
    }

    private void awaitSent(int messages) throws InterruptedException {
        for (String way : WAYS) {
            browser.await(fact(way, "lossSent") + " >= " + messages);
        }
    }

    private static String fact(String way, String fact) {
        return FACT + "('" + way + "', '" + fact + "')";
    }

    private void require(String expression) {
        if (!Boolean.TRUE.equals(browser.evaluate("!!(" + expression + ")"))) {
            throw new AssertionError("not so: " + expression + "; the page says: " + browser.evaluate("document.body.innerText"));
        }
    }

    @Override
    public void close() {
        browser.close();
        Programs.end(server);
    }
}
