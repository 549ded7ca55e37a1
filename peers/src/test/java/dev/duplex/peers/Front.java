package dev.duplex.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A real proxy before a server, set up as docs/behind-a-proxy.md says: that page's own files, with other ports and paths.
 *
 * <p>It speaks to the server from 127.0.0.9, so that it can be trusted and a client at 127.0.0.1 not.
 */
final class Front implements AutoCloseable {
    /** Where it comes from. */
    static final String ADDRESS = "127.0.0.9";

    private final String program;
    private final Path home;
    private final int port;
    private final List<String> command;
    private final Process process;

    private Front(String program, Path home, int port, List<String> command) throws IOException, InterruptedException {
        this.program = program;
        this.home = home;
        this.port = port;
        this.command = command;
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Programs.log(home.getFileName().toString())).start();
        awaitOpen();
    }

    /** @param seconds after so many it cuts off who is silent */
    static Front nginx(int server, int seconds) throws Exception {
        Path nginx = Programs.named("nginx");
        Path home = home("nginx");
        int port = freePort();
        certificate(home);
        String site = filled("nginx.conf", Map.of("listen 443 ssl", "listen 127.0.0.1:" + port + " ssl", "/etc/ssl/duplex", home.toString(),
                "proxy_pass http://127.0.0.1:8080", "proxy_bind " + ADDRESS + "; proxy_pass http://127.0.0.1:" + server, "60s", seconds + "s"));
        Files.writeString(home.resolve("duplex.conf"), site);
        Path main = Files.writeString(home.resolve("main.conf"), """
                user root; daemon off; worker_processes 1; pid nginx.pid; error_log stderr warn;
                events { worker_connections 512; }
                http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                include duplex.conf; }
                """);
        return new Front("nginx", home, port, List.of(nginx.toString(), "-p", home.toString(), "-c", main.toString()));
    }

    /** @param file of the page */
    static Front haproxy(String file, int server, int seconds) throws Exception {
        return haproxy(file, server, seconds, "");
    }

    /** @param more what the page says of its server besides */
    static Front haproxy(String file, int server, int seconds, String more) throws Exception {
        return haproxy(file, Map.of("one 127.0.0.1:8080", "one 127.0.0.1:" + server + " source " + ADDRESS + more, "60s", seconds + "s"));
    }

    /** The PROXY header of version 1 instead of 2, as the page says. */
    static Front haproxyOfVersion1(int server) throws Exception {
        return haproxy("haproxy-tcp.cfg", Map.of("one 127.0.0.1:8080", "one 127.0.0.1:" + server + " source " + ADDRESS,
                "send-proxy-v2 proxy-v2-options ssl,crc32c", "send-proxy"));
    }

    private static Front haproxy(String file, Map<String, String> changes) throws Exception {
        Path haproxy = Programs.named("haproxy");
        Path home = home("haproxy");
        int port = freePort();
        certificate(home);
        Map<String, String> all = new HashMap<>(changes);
        all.putAll(Map.of("bind :443", "bind 127.0.0.1:" + port, "/etc/haproxy/duplex.pem", home.resolve("both.pem").toString()));
        Path configuration = Files.writeString(home.resolve("haproxy.cfg"), filled(file, all));
        return new Front("haproxy", home, port, List.of(haproxy.toString(), "-W", "-db", "-f", configuration.toString()));
    }

    /**
     * nghttpx comes from 127.0.0.1, for it cannot be told another address.
     *
     * @param more what the page says of its server besides
     */
    static Front nghttpx(int server, String more) throws Exception {
        Path nghttpx = Programs.named("nghttpx");
        Path home = home("nghttpx");
        int port = freePort();
        certificate(home);
        String filled = filled("nghttpx.conf", Map.of("frontend=*,443", "frontend=127.0.0.1," + port, "/etc/ssl/duplex", home.toString(),
                "backend=127.0.0.1,8080", "backend=127.0.0.1," + server + more));
        Path configuration = Files.writeString(home.resolve("nghttpx.conf"), filled);
        return new Front("nghttpx", home, port, List.of(nghttpx.toString(), "--conf=" + configuration, "--workers=1", "--log-level=ERROR", "--errorlog-file=/dev/stderr"));
    }

    /** A file of the page with what a test must have otherwise; what is to be replaced must be there. */
    private static String filled(String file, Map<String, String> others) throws IOException {
        String text = Files.readString(Programs.resource("proxies/" + file));
        for (Map.Entry<String, String> other : others.entrySet()) {
            if (!text.contains(other.getKey())) {
                throw new AssertionError(file + " does not say " + other.getKey());
            }
            text = text.replace(other.getKey(), other.getValue());
        }
        return text;
    }

    private static Path home(String name) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Programs.TARGET.resolve("peers")), name);
    }

    /** Writes chain.pem and key.pem, and both.pem with both, for localhost. */
    private static void certificate(Path home) throws Exception {
        Path store = home.resolve("keys.p12");
        Programs.mustRun(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-startdate", "-1d", "-validity", "30",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "password"), "keytool");
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        String chain = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        String key = pem("PRIVATE KEY", keys.getKey("a", "password".toCharArray()).getEncoded());
        Files.writeString(home.resolve("chain.pem"), chain);
        Files.writeString(home.resolve("key.pem"), key);
        Files.writeString(home.resolve("both.pem"), chain + key);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** Such as {@code https://localhost:4711}. */
    String origin() {
        return "https://localhost:" + port;
    }

    String url(String path) {
        return "wss://localhost:" + port + path;
    }

    /** What a client has to trust. */
    Path certificate() {
        return home.resolve("chain.pem");
    }

    /** Reads its configuration again, and waits until a new worker has taken over; the old one keeps what it has. */
    void reload() throws InterruptedException {
        Set<Long> before = workers();
        List<String> reload = program.equals("nginx") ? new ArrayList<>(command) : List.of("kill", program.equals("haproxy") ? "-USR2" : "-HUP", String.valueOf(process.pid()));
        if (program.equals("nginx")) {
            reload.addAll(List.of("-s", "reload"));
        }
        Programs.mustRun(new ProcessBuilder(reload), "reload");
        for (int i = 0; before.containsAll(workers()); i++) {
            if (i > 1000) {
                throw new AssertionError(program + " has no new worker; see " + Programs.log(home.getFileName().toString()));
            }
            Thread.sleep(20);
        }
    }

    private Set<Long> workers() {
        return process.children().map(ProcessHandle::pid).collect(Collectors.toSet());
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

    private void awaitOpen() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError(program + " does not listen; see " + Programs.log(home.getFileName().toString()));
    }
}
