package dev.duplex.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import tools.jackson.jr.ob.JSON;

/** A browser without a window, on a page that fetches its commands from here and posts its events. */
final class Browser implements Peer {
    /** Firefox asks its maker for this and that at each start; a test needs none of it. */
    private static final String FIREFOX_PREFERENCES = """
            user_pref("app.update.enabled", false);
            user_pref("app.normandy.enabled", false);
            user_pref("browser.safebrowsing.downloads.remote.enabled", false);
            user_pref("browser.shell.checkDefaultBrowser", false);
            user_pref("browser.startup.homepage_override.mstone", "ignore");
            user_pref("datareporting.policy.dataSubmissionEnabled", false);
            user_pref("extensions.update.enabled", false);
            user_pref("network.captive-portal-service.enabled", false);
            user_pref("network.connectivity-service.enabled", false);
            user_pref("services.settings.server", "data:,");
            user_pref("toolkit.telemetry.enabled", false);
            """;

    private final String name;
    private final HttpServer pages;
    private final Process process;
    private final BlockingQueue<Map<String, Object>> commands = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();

    private Browser(String name, BiFunction<Path, String, List<String>> command) {
        this.name = name;
        try {
            pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            pages.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            pages.createContext("/", Browser::sendPage);
            pages.createContext("/command", this::sendCommand);
            pages.createContext("/event", this::takeEvent);
            pages.start();
            Path profile = Files.createTempDirectory(Files.createDirectories(Programs.TARGET.resolve("peers")), name);
            Files.writeString(profile.resolve("user.js"), FIREFOX_PREFERENCES);
            List<String> line = command.apply(profile, "http://127.0.0.1:" + pages.getAddress().getPort() + "/browser.html");
            process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(Programs.log(name)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Browser chromium() {
        Path program = Programs.named("chromium");
        return new Browser("chromium", (profile, page) -> List.of(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--user-data-dir=" + profile, page));
    }

    static Browser firefox() {
        Path program = Programs.named("firefox-esr");
        return new Browser("firefox", (profile, page) ->
                List.of(program.toString(), "--headless", "--no-remote", "--profile", profile.toString(), page));
    }

    @Override
    public String origin() {
        return "http://127.0.0.1:" + pages.getAddress().getPort();
    }

    @Override
    public void command(Map<String, Object> command) {
        commands.add(command);
    }

    @Override
    public Map<String, Object> event() {
        return Script.next(events, name);
    }

    @Override
    public void close() {
        Programs.end(process);
        pages.stop(0);
    }

    private static void sendPage(HttpExchange exchange) throws IOException {
        Path file = Programs.resource("clients").resolve(exchange.getRequestURI().getPath().substring(1));
        if (!Files.isRegularFile(file)) {
            answer(exchange, 404, "text/plain", new byte[0]);
            return;
        }
        answer(exchange, 200, file.toString().endsWith(".html") ? "text/html" : "text/javascript", Files.readAllBytes(file));
    }

    /** Keeps the page waiting until there is a command. */
    private void sendCommand(HttpExchange exchange) throws IOException {
        try {
            answer(exchange, 200, "application/json", JSON.std.asBytes(commands.take()));
        } catch (InterruptedException ended) {
            exchange.close();
        }
    }

    private void takeEvent(HttpExchange exchange) throws IOException {
        events.add(JSON.std.mapFrom(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        answer(exchange, 200, "text/plain", new byte[0]);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
