package dev.duplex.peers;

import dev.duplex.testkit.Fault;
import dev.duplex.testkit.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three people in a call, in one browser with a window for each; a program of its own, so that it can run on a network of its own.
 *
 * <p>Ada comes through a proxy, Bob and Cyd do not. Each {@link Act} that goes well is printed.
 */
final class CallScene implements AutoCloseable {
    /** What happens, in this order. */
    enum Act {
        TWO_PAGES_SEE_DECODED_FRAMES_OF_EACH_OTHER,
        A_DATA_CHANNEL_ECHOES_AND_CARRIES_THE_CHAT,
        A_THIRD_JOINS,
        ONE_MUTES_AND_IS_HEARD_AGAIN,
        WHAT_GOES_ON_IS_SHOWN,
        ONE_RELOADS_AND_IS_BACK_IN_THE_CALL,
        MEDIA_GOES_ON_WHILE_SIGNALLING_IS_CUT_AND_THE_SEAT_IS_RESUMED,
        ONE_LEAVES,
        NOTHING_IS_WIDER_THAN_THE_SCREEN,
        THE_CONTENT_SECURITY_POLICY_IS_KEPT,
        WHO_HAS_NO_CAMERA_OR_NO_WAY_THROUGH_IS_TOLD,
        WHO_MAY_NOT_USE_THE_CAMERA_IS_TOLD,
        THE_CALL_IN_ONE_FILE_WORKS_TOO
    }

    /** Media that needs no device; no timer is slowed because another window covers this one. */
    private static final String[] FAKE_MEDIA = {"--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        "--allow-loopback-in-peer-connection", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows", "--window-size=1200,800", "--mute-audio"};

    private static final Pattern DECODED = Pattern.compile("(\\d+) decoded, 160 × 120");

    private final Process server;
    private final String address;
    private final FaultProxy proxy;
    private final WebDriver browser;
    private String ada;
    private String bob;
    private String cyd;

    private CallScene() throws IOException {
        server = java("call", "dev.duplex.cli.Main", "serve", "--port", "0");
        address = server.inputReader(StandardCharsets.UTF_8).readLine();
        proxy = FaultProxy.to(URI.create(address).getPort());
        browser = WebDriver.chromium(FAKE_MEDIA);
    }

    /** Plays all acts; the exit status tells whether all went well. */
    public static void main(String... arguments) throws Exception {
        try (CallScene scene = new CallScene()) {
            for (Act act : Act.values()) {
                scene.play(act);
                System.out.println(act);
            }
        }
    }

    private void play(Act act) throws Exception {
        switch (act) {
            case TWO_PAGES_SEE_DECODED_FRAMES_OF_EACH_OTHER -> two();
            case A_DATA_CHANNEL_ECHOES_AND_CARRIES_THE_CHAT -> write();
            case A_THIRD_JOINS -> third();
            case ONE_MUTES_AND_IS_HEARD_AGAIN -> mute();
            case WHAT_GOES_ON_IS_SHOWN -> inside();
            case ONE_RELOADS_AND_IS_BACK_IN_THE_CALL -> reload();
            case MEDIA_GOES_ON_WHILE_SIGNALLING_IS_CUT_AND_THE_SEAT_IS_RESUMED -> cut();
            case ONE_LEAVES -> leave();
            case NOTHING_IS_WIDER_THAN_THE_SCREEN -> narrow();
            case THE_CONTENT_SECURITY_POLICY_IS_KEPT -> policy();
            case WHO_HAS_NO_CAMERA_OR_NO_WAY_THROUGH_IS_TOLD -> without();
            case WHO_MAY_NOT_USE_THE_CAMERA_IS_TOLD -> denied();
            case THE_CALL_IN_ONE_FILE_WORKS_TOO -> example();
        }
    }

    private void two() throws InterruptedException {
        ada = browser.tab();
        browser.emulate(1200, "light");
        join("http://127.0.0.1:" + proxy.port() + "/", "Ada");
        bob = browser.newWindow();
        join(address, "Bob");
        sees("Ada");
        browser.goTo(ada);
        sees("Bob");
    }

    private void write() throws InterruptedException {
        browser.await(fact("Bob", "echo") + ".endsWith('ms over the data channel')");
        browser.type("#text", "<b>tea</b>?" + WebDriver.ENTER);
        browser.goTo(bob);
        browser.await("document.querySelector('.message.received .bubble')?.textContent === '<b>tea</b>?'");
        browser.type("#text", "yes" + WebDriver.ENTER);
        browser.goTo(ada);
        browser.await("document.querySelector('.message.received .bubble')?.textContent === 'yes'");
    }

    private void third() throws InterruptedException {
        cyd = browser.newWindow();
        join(address, "Cyd");
        sees("Ada");
        sees("Bob");
        browser.goTo(ada);
        sees("Cyd");
        browser.goTo(bob);
        sees("Cyd");
        browser.await("document.getElementById('state-text').textContent === 'In the call, with 2 others'");
    }

    private void mute() throws InterruptedException {
        Map<String, String> seen = Map.of("microphone", ".querySelector('.doing').textContent === 'muted'", "camera", ".classList.contains('dark')");
        for (String button : List.of("microphone", "camera")) {
            for (boolean isOff : List.of(true, false)) {
                browser.goTo(bob);
                browser.click("#" + button);
                browser.await("document.getElementById('" + button + "').getAttribute('aria-pressed') === '" + isOff + "'");
                browser.goTo(ada);
                browser.await("document.querySelector('.tile[data-name=Bob]')" + seen.get(button) + " === " + isOff);
            }
        }
    }

    private void inside() throws InterruptedException {
        browser.goTo(bob);
        browser.await(fact("Ada", "ice") + " === 'connected' || " + fact("Ada", "ice") + " === 'completed'");
        browser.await(fact("Ada", "dtls") + " === 'connected'");
        browser.await("/: udp .*:\\d+ → .*:\\d+/.test(" + fact("Ada", "pair") + ")");
        browser.await("[...document.querySelectorAll('.link[data-name=Ada] polyline')].every(line => line.getAttribute('points').split(' ').length > 2)");
        browser.await("document.querySelector('.link[data-name=Ada] .in-words').textContent.match(/[1-9]\\d* kbit/)");
        browser.await("['joined', 'offer', 'answer', 'candidate', 'arrived'].every(type => document.querySelector('.signal[data-type=' + type + ']'))");
        browser.evaluate("document.querySelector('.signal[data-type=joined] summary').click()");
        browser.await("document.querySelector('.signal[data-type=joined] pre').textContent.includes('\"token\": \"…\"')");
    }

    private void reload() throws InterruptedException {
        browser.reload();
        sees("Ada");
        sees("Cyd");
        browser.goTo(ada);
        sees("Bob");
    }

    /** Nobody may leave, or begin anew: frames are counted on, and ICE alone is restarted. */
    private void cut() throws InterruptedException {
        long before = decoded("Cyd");
        proxy.toServer().now(Fault.CUT);
        proxy.cut();
        browser.await("document.getElementById('state-text').textContent.startsWith('Server lost')");
        long lost = decoded("Cyd");
        awaitDecoded("Cyd", lost + 20);
        browser.goTo(cyd);
        browser.await("document.querySelector('.signal[data-type=away]')");
        awaitDecoded("Ada", decoded("Ada") + 20);
        proxy.toServer().heal();
        browser.await("document.querySelector('.signal[data-type=back]')");
        browser.goTo(ada);
        browser.await("document.querySelector('.signal[data-type=resumed]')");
        browser.await(fact("Cyd", "restarts") + " === '1'");
        browser.await("document.querySelectorAll('.signal[data-type=answer]').length >= 3"); // two calls, Bob's second, and those that restart
        awaitDecoded("Cyd", Math.max(before, decoded("Cyd")) + 20);
        browser.await(fact("Cyd", "ice") + " === 'connected' || " + fact("Cyd", "ice") + " === 'completed'");
        require("[...document.querySelectorAll('.note')].every(note => note.textContent !== 'Cyd has left')");
    }

    private void leave() throws InterruptedException {
        browser.goTo(cyd);
        browser.click("#leave");
        browser.await("document.getElementById('state-text').textContent === 'Not in the call'");
        browser.goTo(ada);
        browser.await("!document.querySelector('.link[data-name=Cyd]') && document.querySelector('.link[data-name=Bob]')");
    }

    private void narrow() {
        for (int width : List.of(320, 375, 820, 1600)) {
            browser.emulate(width, width == 375 ? "light" : "dark");
            require("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
        }
        browser.emulate(1200, "light");
    }

    private void policy() {
        for (Object entry : browser.console()) {
            String message = String.valueOf(((Map<?, ?>) entry).get("message"));
            if (message.contains("Content Security Policy") || message.contains("Uncaught")) {
                throw new AssertionError(message);
            }
        }
    }

    /** A browser that finds no device, and no address in a network of loopback alone. */
    private void without() throws IOException, InterruptedException {
        try (WebDriver bare = WebDriver.chromium()) {
            bare.open(address + "call/bare");
            enter(bare, "Dan");
            bare.await("document.getElementById('notice').textContent.startsWith('No camera and no microphone')");
            if (System.getProperty("loopback.only") != null) { // elsewhere there is a way
                bare.newWindow();
                bare.open(address + "call/bare");
                enter(bare, "Eve");
                bare.await("document.getElementById('notice').textContent.startsWith('No way through to Dan')");
            }
        }
    }

    private void denied() throws IOException, InterruptedException {
        try (WebDriver strict = WebDriver.chromium("--use-fake-device-for-media-stream", "--deny-permission-prompts")) {
            strict.open(address + "call/strict");
            enter(strict, "Dan");
            strict.await("document.getElementById('notice').textContent.startsWith('The browser may not use camera and microphone here')");
        }
    }

    private void example() throws IOException, InterruptedException {
        Process example = java("example", "-Dport=0", "dev.duplex.examples.CallServer");
        try {
            String page = example.inputReader(StandardCharsets.UTF_8).readLine();
            for (String window : List.of(ada, bob)) {
                browser.goTo(window);
                browser.open(page);
            }
            for (String window : List.of(ada, bob)) {
                browser.goTo(window);
                browser.await("document.getElementById('other').getVideoPlaybackQuality().totalVideoFrames > 5");
            }
        } finally {
            Programs.end(example);
        }
    }

    private static Process java(String logName, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(Programs.log(logName)).start();
    }

    private void join(String at, String name) throws InterruptedException {
        browser.open(at + "call/tea?picture=small");
        enter(browser, name);
    }

    private static void enter(WebDriver page, String name) throws InterruptedException {
        page.type("#name", name + WebDriver.ENTER);
        page.await("document.getElementById('state').dataset.state === 'open'");
    }

    /** What this page says of its connection to someone. */
    private static String fact(String name, String fact) {
        return "(document.querySelector('.link[data-name=" + name + "] [data-fact=" + fact + "]')?.textContent ?? '')";
    }

    private long decoded(String name) {
        Matcher decoded = DECODED.matcher(String.valueOf(browser.evaluate(fact(name, "frames"))));
        return decoded.matches() ? Long.parseLong(decoded.group(1)) : 0;
    }

    private void sees(String name) throws InterruptedException {
        awaitDecoded(name, 5);
        browser.await("document.querySelector('.tile[data-name=" + name + "] video').videoWidth === 160");
    }

    private void awaitDecoded(String name, long atLeast) throws InterruptedException {
        browser.await("parseInt(" + fact(name, "frames") + ") >= " + atLeast);
    }

    private void require(String expression) {
        if (!Boolean.TRUE.equals(browser.evaluate("!!(" + expression + ")"))) {
            throw new AssertionError("not so: " + expression);
        }
    }

    @Override
    public void close() {
        browser.close();
        proxy.close();
        Programs.end(server);
    }
}
