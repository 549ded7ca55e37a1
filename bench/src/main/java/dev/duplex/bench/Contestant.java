package dev.duplex.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in the race: how it is started, and what it cannot do. */
enum Contestant {
    DUPLEX("duplex", "Duplex", Kind.OURS, "compression, for messages of any size"),
    BUN("bun", "Bun (uWebSockets)", Kind.NATIVE, "compression; room for 16 MiB of unsent messages"),
    NETTY("netty", "Netty codec, epoll", Kind.JAVA, "epoll, BoringSSL, compression without context; one flush for each read; no search for leaks"),
    VERTX("vertx", "Vert.x", Kind.JAVA, "native transport (epoll), BoringSSL, compression, one event loop"),
    JETTY("jetty", "Jetty", Kind.JAVA, "its own WebSocket API without servlets; compression is on by default"),
    UNDERTOW("undertow", "Undertow", Kind.JAVA, "its own WebSocket API without servlets; compression"),
    TOMCAT("tomcat", "Tomcat", Kind.JAVA, "jakarta.websocket; 20,000 connections; an endpoint of its own for large messages, since each connection holds a buffer of the largest"),
    HELIDON("helidon", "Helidon", Kind.JAVA, "virtual threads; it has no compression"),
    JAVA_WEBSOCKET("java-websocket", "Java-WebSocket", Kind.JAVA, "no Nagle delay; compression, for messages of any size"),
    WS("ws", "Node ws", Kind.NATIVE, "bufferutil; compression, for messages of any size");

    /** Whom a result is compared with. */
    enum Kind { OURS, JAVA, NATIVE }

    final String id;
    final String title;
    final Kind kind;

    /** What it was told beyond its defaults, besides that messages of 16 MiB are allowed. */
    final String settings;

    Contestant(String id, String title, Kind kind, String settings) {
        this.id = id;
        this.title = title;
        this.kind = kind;
        this.settings = settings;
    }

    boolean isJava() {
        return kind != Kind.NATIVE;
    }

    boolean canDo(Case race) {
        return !(this == HELIDON && race == Case.DEFLATE);
    }

    String path(Case race) {
        return this == TOMCAT && race.isLarge() ? "/large" : "/echo";
    }

    /** The command line that starts it on a port, with TLS if {@code keys} is not null. */
    List<String> command(Setup setup, int port, Path keys) {
        List<String> command = new ArrayList<>();
        switch (this) {
            case DUPLEX -> {
                command.addAll(setup.java());
                command.addAll(List.of("-jar", setup.jar().toString(), "serve", "--port", Integer.toString(port), "--compress", "--compress-threshold", "0"));
                if (keys != null) {
                    command.addAll(List.of("--tls-cert", keys.resolve("cert.pem").toString(), "--tls-key", keys.resolve("key.pem").toString()));
                }
                return command;
            }
            case BUN -> command.addAll(List.of(setup.bun().toString(), setup.script("bun.mjs")));
            case WS -> command.addAll(List.of("node", setup.script("ws.mjs")));
            default -> {
                command.addAll(setup.java());
                command.addAll(List.of("-cp", setup.classPath(), getClass().getPackageName() + "." + mainClass()));
            }
        }
        command.add(Integer.toString(port));
        if (keys != null) {
            command.addAll(kind == Kind.NATIVE ? List.of(keys.resolve("cert.pem").toString(), keys.resolve("key.pem").toString()) : List.of(keys.toString()));
        }
        return command;
    }

    private String mainClass() {
        return switch (this) {
            case NETTY -> "NettyServer";
            case VERTX -> "VertxServer";
            case JETTY -> "JettyServer";
            case UNDERTOW -> "UndertowServer";
            case TOMCAT -> "TomcatServer";
            case HELIDON -> "HelidonServer";
            case JAVA_WEBSOCKET -> "JavaWebSocketServer";
            default -> throw new IllegalStateException(id + " is no class of ours");
        };
    }

    /** The artifact whose version tells the contestant's. */
    String artifact() {
        return switch (this) {
            case NETTY -> "netty-codec-http";
            case VERTX -> "vertx-core";
            case JETTY -> "jetty-websocket-jetty-server";
            case UNDERTOW -> "undertow-core";
            case TOMCAT -> "tomcat-embed-websocket";
            case HELIDON -> "helidon-webserver-websocket";
            case JAVA_WEBSOCKET -> "Java-WebSocket";
            case DUPLEX -> "duplex-cli";
            case BUN, WS -> id;
        };
    }
}
