package dev.duplex.bench;

import dev.duplex.load.LoadMode;
import dev.duplex.load.LoadPlan;
import dev.duplex.load.Payload;
import java.net.URI;
import java.time.Duration;

/** What is raced over. */
enum Case {
    ECHO("echo-125", "125 B text, one under way on each of 100 connections", "message", LoadMode.ECHO, 100, 1, Payload.text(125)),
    DEEP("echo-125-d16", "125 B text, 16 under way on each of 100 connections", "message", LoadMode.ECHO, 100, 16, Payload.text(125)),
    MEDIUM("binary-16k", "16 KiB binary, 32 connections", "message", LoadMode.ECHO, 32, 1, Payload.binary(16 << 10)),
    LARGE("binary-1m", "1 MiB binary, 4 connections", "message", LoadMode.ECHO, 4, 1, Payload.binary(1 << 20)),
    DEFLATE("deflate-512", "512 B JSON text compressed, 50 connections", "message", LoadMode.ECHO, 50, 1, Payload.text(512)),
    BROADCAST("broadcast-128", "128 B text from one to 1,000", "delivery", LoadMode.BROADCAST, 1000, 1, Payload.text(128)),
    HANDSHAKE("handshake", "connect, upgrade, close; 50 at once", "handshake", LoadMode.HANDSHAKE, 50, 1, Payload.text(125)),
    TLS("wss-125", "125 B text over TLS, 100 connections", "message", LoadMode.ECHO, 100, 1, Payload.text(125)),
    TLS_MEDIUM("wss-16k", "16 KiB binary over TLS, 32 connections", "message", LoadMode.ECHO, 32, 1, Payload.binary(16 << 10)),
    IDLE("idle-10000", "10,000 idle connections", "connection", LoadMode.IDLE, 10_000, 1, Payload.text(125));

    /** As it is called on the command line and in results. */
    final String id;

    final String title;

    /** What processor time is counted by. */
    final String unit;

    private final LoadMode mode;
    private final int connections;
    private final int depth;
    private final Payload payload;

    Case(String id, String title, String unit, LoadMode mode, int connections, int depth, Payload payload) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.mode = mode;
        this.connections = connections;
        this.depth = depth;
        this.payload = payload;
    }

    boolean hasTls() {
        return this == TLS || this == TLS_MEDIUM;
    }

    /** Whether messages are larger than some servers' buffers. */
    boolean isLarge() {
        return payload.message().byteLength() > 8 << 10;
    }

    LoadPlan plan(int port, String path, Duration warmUp, Duration duration) {
        URI uri = URI.create((hasTls() ? "wss" : "ws") + "://127.0.0.1:" + port + (mode == LoadMode.BROADCAST ? "/room/race" : path));
        LoadPlan plan = LoadPlan.of(uri).with(mode).with(connections, depth).with(payload, this == DEFLATE).lasting(warmUp, duration);
        return hasTls() ? plan.insecure() : plan;
    }
}
