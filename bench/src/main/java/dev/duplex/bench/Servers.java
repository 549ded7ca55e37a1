package dev.duplex.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The servers that are up, one process for each contestant: between its turns it sleeps, and stays warm. */
final class Servers implements AutoCloseable {
    private final Setup setup;
    private final String core;
    private final Map<Contestant, ServerProcess> running = new EnumMap<>(Contestant.class);
    private boolean haveTls;

    /** @param core where they all run */
    Servers(Setup setup, String core) {
        this.setup = setup;
        this.core = core;
    }

    /** Those with TLS are other processes than those without; only one kind is up at a time. */
    ServerProcess get(Contestant contestant, boolean hasTls) throws IOException, InterruptedException {
        if (hasTls != haveTls) {
            close();
            haveTls = hasTls;
        }
        ServerProcess server = running.get(contestant);
        if (server == null || !server.isAlive()) {
            server = ServerProcess.start(contestant, setup, core, hasTls);
            running.put(contestant, server);
        }
        return server;
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
        running.clear();
    }
}
