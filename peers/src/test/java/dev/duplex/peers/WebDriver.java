package dev.duplex.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.jr.ob.JSON;

/** A headless Chromium that is driven like a person's: by what is on the page (W3C WebDriver, through chromedriver). */
final class WebDriver implements AutoCloseable {
    /** More than any page needs for one step, so that only a hang meets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String session;

    private WebDriver(Process process, int port, List<String> more) {
        this.process = process;
        List<String> arguments = new ArrayList<>(List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"));
        arguments.addAll(more);
        Map<String, Object> options = Map.of("binary", Programs.named("chromium").toString(), "args", arguments);
        Map<?, ?> opened = (Map<?, ?>) call("POST", "http://127.0.0.1:" + port + "/session", Map.of("capabilities",
                Map.of("alwaysMatch", Map.of("goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL")))));
        session = "http://127.0.0.1:" + port + "/session/" + opened.get("sessionId");
    }

    /** Starts a browser with these switches beside the usual ones. */
    static WebDriver chromium(String... more) throws IOException {
        Process process = new ProcessBuilder(Programs.named("chromedriver").toString(), "--port=0").redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return new WebDriver(process, Integer.parseInt(started.group(1)), List.of(more));
            }
        }
        throw new IOException("chromedriver did not start");
    }

    /** Shows a page in the current tab. */
    void open(String url) {
        post("/url", Map.of("url", url));
    }

    /** The current tab. */
    String tab() {
        return (String) call("GET", session + "/window", null);
    }

    /** Ends the current tab; go to another one afterwards. */
    void closeTab() {
        call("DELETE", session + "/window", null);
    }

    /** Loads the current page anew. */
    void reload() {
        post("/refresh", Map.of());
    }

    /** Opens another tab and goes to it. */
    String newTab() {
        return opened("tab");
    }

    /** Opens another window, which is seen beside the others, and goes to it. */
    String newWindow() {
        return opened("window");
    }

    private String opened(String type) {
        String handle = (String) ((Map<?, ?>) post("/window/new", Map.of("type", type))).get("handle");
        goTo(handle);
        return handle;
    }

    void goTo(String tab) {
        post("/window", Map.of("handle", tab));
    }

    /** Clicks on what a CSS selector finds. */
    void click(String selector) {
        post("/element/" + element(selector) + "/click", Map.of());
    }

    /** Types into what a CSS selector finds; {@link #ENTER} and its like are keys. */
    void type(String selector, String keys) {
        post("/element/" + element(selector) + "/value", Map.of("text", keys));
    }

    /** The Enter key in what is typed. */
    static final String ENTER = "\uE007";

    /** The tabulator key in what is typed. */
    static final String TAB = "\uE004";

    /** The down arrow key in what is typed. */
    static final String DOWN = "\uE015";

    /** The arrow to the right. */
    static final String RIGHT = "\uE014";

    /** The key that goes to the beginning. */
    static final String HOME = "\uE011";

    /** Empties a field. */
    void clear(String selector) {
        post("/element/" + element(selector) + "/clear", Map.of());
    }

    /** Makes the page believe that its screen is so wide, and light or dark. */
    void emulate(int width, String colorScheme) {
        cdp("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
        cdp("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
    }

    /** Lets every page use camera and microphone without asking. */
    void allowCameraAndMicrophone() {
        cdp("Browser.grantPermissions", Map.of("permissions", List.of("audioCapture", "videoCapture")));
    }

    private void cdp(String command, Map<String, Object> parameters) {
        post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Types into whatever has the focus. */
    void press(String key) {
        post("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keys",
                "actions", List.of(Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key))))));
    }

    /** What a JavaScript expression says. */
    Object evaluate(String expression) {
        return post("/execute/sync", Map.of("script", "return " + expression, "args", List.of()));
    }

    /** Waits until a JavaScript expression is true. */
    void await(String expression) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(evaluate("!!(" + expression + ")"))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so within " + PATIENCE + ": " + expression + "; the page says: " + evaluate("document.body.innerText"));
            }
            Thread.sleep(20);
        }
    }

    /** What the browser's console was told since this was last asked: errors, and breaches of the content security policy. */
    List<?> console() {
        return (List<?>) post("/se/log", Map.of("type", "browser"));
    }

    @Override
    public void close() {
        try {
            call("DELETE", session, null);
        } finally {
            http.close();
            Programs.end(process);
        }
    }

    private String element(String selector) {
        return (String) ((Map<?, ?>) post("/element", Map.of("using", "css selector", "value", selector))).get(ELEMENT);
    }

    private Object post(String path, Map<String, Object> body) {
        return call("POST", session + path, body);
    }

    private Object call(String method, String url, Map<String, Object> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.std.asString(body)))
                    .header("Content-Type", "application/json")
                    .build();
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(method + " " + url + " " + body + ": " + response.body());
            }
            return JSON.std.mapFrom(response.body()).get("value");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
