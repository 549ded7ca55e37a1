package dev.duplex.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The clients of other makers that must understand our server. */
enum ForeignClient {
    CHROMIUM(Browser::chromium),
    FIREFOX(Browser::firefox),
    NODE_WS(() -> script("ws", NodeModules.node(), "ws.mjs")),
    NODE_HTTP2(() -> script("http2", NodeModules.node(), "ws-http2.mjs")),
    UNDICI(() -> script("undici", NodeModules.node(), "standard.mjs", "undici")),
    BUN(() -> script("bun", NodeModules.binary("@oven", "bun"), "standard.mjs")),
    DENO(() -> new Script("deno", List.of(NodeModules.binary("@deno", "deno").toString(), "run", "--no-config", "--no-lock",
            "--allow-net=127.0.0.1", Programs.resource("clients/standard.mjs").toString()))),
    PYTHON_WEBSOCKETS(() -> script("python-websockets", Programs.pythonWith("websockets"), "python_websockets.py")),
    PYTHON_AIOHTTP(() -> script("python-aiohttp", Programs.pythonWith("aiohttp"), "python_aiohttp.py")),
    GO_GORILLA(() -> new Script("gorilla", List.of(gorilla().toString()))),
    JDK(JdkClient::new);

    private final Supplier<Peer> starter;

    ForeignClient(Supplier<Peer> starter) {
        this.starter = starter;
    }

    Peer start() {
        return starter.get();
    }

    private static Peer script(String name, Path program, String file, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), Programs.resource("clients").resolve(file).toString()));
        command.addAll(List.of(arguments));
        return new Script(name, command);
    }

    /** Built with the distribution's copy of the library, where Go looked for code before it had modules. */
    private static Path gorilla() {
        Path go = Programs.named("go");
        Path code = Path.of("/usr/share/gocode");
        if (!code.resolve("src/github.com/gorilla/websocket").toFile().isDirectory()) {
            return Programs.missing("golang-github-gorilla-websocket-dev");
        }
        Path program = Programs.TARGET.resolve("peers/gorilla");
        ProcessBuilder build = new ProcessBuilder(go.toString(), "build", "-o", program.toString(),
                Programs.resource("clients/gorilla.go").toString());
        build.environment().putAll(Map.of("GO111MODULE", "off", "GOFLAGS", "", "GOPATH", code.toString(),
                "GOCACHE", Programs.TARGET.resolve("peers/go-cache").toString()));
        Programs.mustRun(build, "go");
        return program;
    }
}
