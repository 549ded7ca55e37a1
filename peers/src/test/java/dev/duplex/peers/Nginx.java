package dev.duplex.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real nginx before a server: one port for each way in which a proxy stands in the way of a WebSocket. */
final class Nginx implements AutoCloseable {
    /** What a port does to what passes. */
    enum Way {
        /** nginx as it comes: HTTP/1.0 behind it, and no Upgrade passes. */
        NO_UPGRADE("proxy_buffering off;"),
        /** No Upgrade, and whoever is silent for 5 s is cut off. */
        CUTS("proxy_buffering off; proxy_read_timeout 5s; send_timeout 5s;"),
        /** No Upgrade, and a response is kept until it is whole, whatever its server says. */
        BUFFERS("proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; proxy_buffers 16 64k; proxy_buffer_size 64k; "
                + "proxy_busy_buffers_size 128k; postpone_output 32000; proxy_http_version 1.1; gzip on; gzip_types *; gzip_min_length 1;");

        private final String directives;

        Way(String directives) {
            this.directives = directives;
        }
    }

    private final Process process;
    private final int[] ports = new int[Way.values().length];

    private Nginx(Path home, int server) throws IOException, InterruptedException {
        StringBuilder servers = new StringBuilder();
        for (Way way : Way.values()) {
            ports[way.ordinal()] = freePort();
            servers.append("server { listen 127.0.0.1:%d; location / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $http_host; %s } }\n"
                    .formatted(ports[way.ordinal()], server, way.directives));
        }
        Path configuration = Files.writeString(home.resolve("nginx.conf"), """
                user root; daemon off; worker_processes 1; pid nginx.pid; error_log stderr warn;
                events { worker_connections 512; }
                http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                %s}
                """.formatted(servers));
        process = new ProcessBuilder(Programs.named("nginx").toString(), "-p", home.toString(), "-c", configuration.toString())
                .redirectErrorStream(true).redirectOutput(Programs.log("nginx")).start();
        for (int port : ports) {
            awaitOpen(port);
        }
    }

    static Nginx before(int server) throws IOException, InterruptedException {
        return new Nginx(Files.createTempDirectory(Files.createDirectories(Programs.TARGET.resolve("peers")), "nginx"), server);
    }

    String address(Way way) {
        return "http://127.0.0.1:" + ports[way.ordinal()];
    }

    @Override
    public void close() {
        Programs.end(process);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void awaitOpen(int port) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError("nginx does not listen; see " + Programs.log("nginx"));
    }
}
