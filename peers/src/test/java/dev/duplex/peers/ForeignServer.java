package dev.duplex.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The servers of other makers that our client must understand. */
enum ForeignServer {
    NODE_WS("ws.mjs", NodeModules::node),
    BUN("bun.mjs", () -> NodeModules.binary("@oven", "bun")),
    PYTHON_WEBSOCKETS("python_websockets.py", () -> Programs.pythonWith("websockets"));

    private final String file;
    private final Supplier<Path> program;

    ForeignServer(String file, Supplier<Path> program) {
        this.file = file;
        this.program = program;
    }

    /** Starts it; its first event tells the port. */
    Peer start() {
        return new Script(name() + "-server", List.of(program.get().toString(), Programs.resource("servers").resolve(file).toString()));
    }
}
