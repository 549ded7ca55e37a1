package dev.duplex.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The lab's page about loss: first on a network that loses nothing, then where the command that the page names has it opened.
 *
 * <p>A program of its own, so that it can run on a network of its own. The command starts it again, in the place of the browser. Each
 * {@link Act} that goes well is printed.
 */
final class LossScene implements AutoCloseable {
    /** What happens, in this order. */
    enum Act {
        WITHOUT_AN_ADDRESS_A_MICROPHONE_IS_ASKED_FOR(false),
        A_KEYBOARD_STARTS_IT(false),
        WITHOUT_LOSS_ALL_THREE_DELIVER_AND_THE_PAGE_SAYS_SO(false),
        IT_STARTS_ANEW(false),
        IT_SPEAKS_KOREAN(false),
        NOTHING_IS_WIDER_THAN_THE_SCREEN(false),
        THE_CONTENT_SECURITY_POLICY_IS_KEPT(false),
        THE_COMMAND_OPENS_THE_PAGE(true),
        TCP_AND_THE_RELIABLE_CHANNEL_DELIVER_ALL(true),
        THE_UNRELIABLE_CHANNEL_LOSES_SOME_AND_SHOWS_IT(true),
        WHAT_THE_UNRELIABLE_CHANNEL_DELIVERS_IS_NOT_LATE(true);

        final boolean needsLoss;

        Act(boolean needsLoss) {
            this.needsLoss = needsLoss;
        }
    }

    /** Printed where the system lets the command have no network. */
    static final String NO_NETWORK = "the command could make no network";

    private static final String FACT = "((way, fact) => Number(document.querySelector(`[data-way=${way}] [data-fact=${fact}]`).textContent.replace(/[^0-9.]/g, '')))";
    private static final List<String> WAYS = List.of("websocket", "reliable", "unreliable");
    private static final String STATE = "document.getElementById('state').dataset.state";
    private static final int MOST_ATTEMPTS = 5;
    private static final int MOST_MINUTES = 4;

    /** The driver and the browser talk undisturbed; what the page sends and receives is lost as the command says. */
    private static final String SPARE = "insert rule inet loss in tcp dport { 0-8080, 8082-65535 } tcp sport { 0-8080, 8082-65535 } accept";

    private final String page;
    private final WebDriver browser;

    private LossScene(String page, String... switches) throws IOException {
        this.page = page;
        browser = WebDriver.chromium(switches);
    }

    /**
     * Plays all acts; the exit status tells whether all went well.
     *
     * @param arguments those of a browser, if the command starts it
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length == 0) {
            withoutLoss();
        } else {
            Programs.mustRun(new ProcessBuilder("nft", SPARE), "nft");
            String[] switches = Stream.of(arguments).limit(arguments.length - 1).toArray(String[]::new);
            try (LossScene scene = new LossScene(arguments[arguments.length - 1], switches)) {
                scene.play(true);
            }
        }
    }

    private static void withoutLoss() throws Exception {
        Process server = new ProcessBuilder(Stream.concat(Stream.of(java()), Stream.of("dev.duplex.cli.Main", "serve", "--port", "0")).flatMap(LossScene::words).toList())
                .redirectError(Programs.log("loss")).start();
        String command;
        try (LossScene scene = new LossScene(server.inputReader(StandardCharsets.UTF_8).readLine() + "lab/webrtc", "--allow-loopback-in-peer-connection",
                "--use-fake-device-for-media-stream", "--window-size=1200,800")) {
            scene.play(false);
            command = String.valueOf(scene.browser.evaluate("document.getElementById('command').textContent"));
        } finally {
            Programs.end(server);
        }
        withLoss(command);
    }

    private static Stream<String> words(String line) {
        return Stream.of(line.split(" "));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java") + " --enable-native-access=ALL-UNNAMED -cp " + System.getProperty("java.class.path");
    }

    /** Gives the command as it stands on the page, where "./duplex" is the one under test and "chromium" is this program. */
    private static void withLoss(String command) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Programs.TARGET.resolve("peers").resolve("loss"));
        Path opened = directory.resolve("opened");
        Files.deleteIfExists(opened);
        String path = System.getenv("PATH");
        script(directory.resolve("duplex"), java() + " dev.duplex.cli.Main \"$@\"");
        script(directory.resolve("chromium"), "env PATH=\"" + path + ":/usr/sbin\" " + java() + " " + LossScene.class.getName() + " \"$@\"", "touch " + opened);
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).directory(directory.toFile()).inheritIO();
        shell.environment().put("PATH", directory + ":" + path);
        Process process = shell.start();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            Programs.end(process);
        }
        if (!Files.exists(opened)) {
            System.out.println(NO_NETWORK);
        }
    }

    private static void script(Path file, String last, String... first) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", first) + "\nexec " + last + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void play(boolean withLoss) throws Exception {
        for (Act act : Act.values()) {
            if (act.needsLoss == withLoss) {
                play(act);
                System.out.println(act);
            }
        }
    }

    private void play(Act act) throws Exception {
        switch (act) {
            case WITHOUT_AN_ADDRESS_A_MICROPHONE_IS_ASKED_FOR -> ask();
            case A_KEYBOARD_STARTS_IT -> keyboard();
            case WITHOUT_LOSS_ALL_THREE_DELIVER_AND_THE_PAGE_SAYS_SO -> lossless();
            case IT_STARTS_ANEW -> anew();
            case IT_SPEAKS_KOREAN -> korean();
            case NOTHING_IS_WIDER_THAN_THE_SCREEN -> narrow();
            case THE_CONTENT_SECURITY_POLICY_IS_KEPT -> policy();
            case THE_COMMAND_OPENS_THE_PAGE -> open();
            case TCP_AND_THE_RELIABLE_CHANNEL_DELIVER_ALL -> lossyFeed();
            case THE_UNRELIABLE_CHANNEL_LOSES_SOME_AND_SHOWS_IT -> losses();
            case WHAT_THE_UNRELIABLE_CHANNEL_DELIVERS_IS_NOT_LATE -> latencies();
        }
    }

    /** Without the right to a microphone Chromium names one address alone, that of the default route, and on loopback there is none. */
    private void ask() throws InterruptedException {
        browser.open(page);
        browser.await("document.querySelectorAll('.carrier').length === 3");
        if (System.getProperty("loopback.only") != null) { // elsewhere there is an address
            browser.click("#run");
            browser.await(STATE + " === 'failed' && document.getElementById('notice').textContent.includes('allow it')");
            browser.allowCameraAndMicrophone(); // as the person does whom the browser now asks
            browser.click("#allow");
            browser.await(STATE + " === 'open'");
            require("document.getElementById('notice').hidden");
        }
    }

    private void keyboard() throws InterruptedException {
        browser.open(page);
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
        awaitRunning();
    }

    private void lossless() throws InterruptedException {
        require("document.getElementById('lossless').hidden");
        browser.await("!document.getElementById('lossless').hidden");
        awaitSent(100);
        stop();
        for (String way : WAYS) {
            browser.await(fact(way, "lossArrived") + " === " + fact(way, "lossSent"));
            require(fact(way, "lossLost") + " === 0");
            require("document.querySelector('[data-way=" + way + "] .came').getAttribute('d').split('M').length > 50");
        }
    }

    /** Once a second now, so that what is counted is little for long. */
    private void anew() throws InterruptedException {
        browser.type("#rate", WebDriver.HOME);
        require("document.getElementById('rate-value').textContent === '1'");
        start();
        browser.await(fact("websocket", "lossSent") + " > 0 && " + fact("websocket", "lossSent") + " < 50");
    }

    private void korean() throws InterruptedException {
        browser.click("[data-language]");
        browser.await("document.documentElement.lang === 'ko' && document.getElementById('run').textContent === '시작'");
    }

    private void narrow() {
        for (int width : List.of(320, 390, 820, 1600)) {
            browser.emulate(width, width == 390 ? "light" : "dark");
            require("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
        }
    }

    private void policy() {
        for (Object entry : browser.console()) {
            throw new AssertionError(String.valueOf(((Map<?, ?>) entry).get("message")));
        }
    }

    private void open() throws InterruptedException {
        browser.open(page);
        browser.await("document.querySelectorAll('.carrier').length === 3");
        start();
    }

    /** What came late is counted as lost until it comes. */
    private void lossyFeed() throws InterruptedException {
        awaitSent(500);
        stop();
        for (String way : List.of("websocket", "reliable")) {
            browser.await(fact(way, "lossArrived") + " === " + fact(way, "lossSent") + " && " + fact(way, "lossLost") + " === 0");
            require(fact(way, "lossReordered") + " === 0");
            require("document.querySelector('[data-way=" + way + "] .gone').getAttribute('d') === ''");
        }
    }

    /** Of 500 messages that pass two such hurdles, none is lost once in 10^45 runs. */
    private void losses() throws InterruptedException {
        browser.await(fact("unreliable", "lossLost") + " > 0");
        browser.await(fact("unreliable", "lossLost") + " + " + fact("unreliable", "lossArrived") + " === " + fact("unreliable", "lossSent"));
        require(fact("unreliable", "lossArrived") + " > 0");
        require("document.querySelector('[data-way=unreliable] .gone').getAttribute('d').includes('M')");
        require("document.getElementById('lossless').hidden");
    }

    /** One message in five meets a loss: what waits for it, and for those before it, is later than most that do not. A busy machine may hide it once. */
    private void latencies() throws InterruptedException {
        String isEarlier = fact("unreliable", "roundMedian") + " < Math.min(" + fact("websocket", "roundP99") + ", " + fact("reliable", "roundP99") + ")";
        for (int attempt = 1; attempt < MOST_ATTEMPTS && !Boolean.TRUE.equals(browser.evaluate(isEarlier)); attempt++) {
            start();
            awaitSent(300);
            stop();
        }
        require(isEarlier);
    }

    /** Where packets are lost, those that look for a way may be: then a person presses Start again. */
    private void start() throws InterruptedException {
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            browser.click("#run");
            browser.await("['open', 'failed'].includes(" + STATE + ")");
            if (Boolean.TRUE.equals(browser.evaluate(STATE + " === 'open'"))) {
                return;
            }
        }
        awaitRunning();
    }

    private void awaitRunning() throws InterruptedException {
        browser.await(STATE + " === 'open'");
    }

    private void stop() throws InterruptedException {
        browser.click("#run");
        browser.await(STATE + " === 'closed'");
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
    }
}
