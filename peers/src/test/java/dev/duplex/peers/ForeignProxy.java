package dev.duplex.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A proxy of another maker, which lets those through who say that they are {@code me} with {@link #PASSWORD}, if it asks. */
final class ForeignProxy implements AutoCloseable {
    static final String PASSWORD = "pass-word";

    /** A name of 127.0.0.1 that nobody but squid knows. */
    static final String KNOWN_TO_SQUID = "far.duplex.test";

    /** Which one, and how it asks. */
    enum Make {
        SQUID_BASIC("squid"), SQUID_DIGEST("squid"), TINYPROXY("tinyproxy"), DANTE("danted"), MICROSOCKS("microsocks");

        private final String program;

        Make(String program) {
            this.program = program;
        }
    }

    private static final String SQUID = """
            http_port 127.0.0.1:%d
            pid_filename none
            pinger_enable off
            max_filedescriptors 1024
            cache_mem 8 MB
            access_log none
            cache_store_log none
            cache_log %s
            shutdown_lifetime 0 seconds
            visible_hostname proxy.test
            hosts_file %s
            auth_param %s program %s
            auth_param %4$s realm test
            auth_param %4$s children 1
            acl known proxy_auth REQUIRED
            http_access allow known
            http_access deny all
            """;

    private final Process process;
    private final Path home;
    private final int port;

    private ForeignProxy(Make make) throws IOException, InterruptedException {
        String program = Programs.named(make.program).toString();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // As root squid and its helpers change to a user of their own, who must be able to read.
        home = Files.createTempDirectory("duplex-proxy", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        process = new ProcessBuilder(command(make, program, home)).redirectErrorStream(true).redirectOutput(Programs.log(make.program)).start();
        awaitOpen(make);
    }

    /** Starts one; leaves the test out if it is not installed. */
    static ForeignProxy start(Make make) throws IOException, InterruptedException {
        return new ForeignProxy(make);
    }

    /** Its address with a user who may pass, by a scheme that it speaks. */
    String address(String scheme) {
        return address(scheme, PASSWORD);
    }

    String address(String scheme, String password) {
        return scheme + "://" + (password.isEmpty() ? "" : "me:" + password + "@") + "127.0.0.1:" + port;
    }

    private List<String> command(Make make, String program, Path home) throws IOException {
        return switch (make) {
            case SQUID_BASIC -> squid(program, home, "basic", script(home, "#!/bin/sh\nwhile read -r login; do [ \"$login\" = 'me " + PASSWORD + "' ] && echo OK || echo ERR; done\n"));
            case SQUID_DIGEST -> squid(program, home, "digest", "/usr/lib/squid/digest_file_auth " + readable(home, "users", "me:" + PASSWORD + "\n"));
            case TINYPROXY -> List.of(program, "-d", "-c", readable(home, "tinyproxy.conf",
                    "Port %d\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nBasicAuth me %s\n".formatted(port, PASSWORD)).toString());
            case DANTE -> List.of(program, "-f", readable(home, "danted.conf", """
                    logoutput: stderr
                    internal: 127.0.0.1 port = %d
                    external: 127.0.0.1
                    socksmethod: none
                    clientmethod: none
                    client pass { from: 0/0 to: 0/0 }
                    socks pass { from: 0/0 to: 0/0 }
                    """.formatted(port)).toString());
            case MICROSOCKS -> List.of(program, "-i", "127.0.0.1", "-p", String.valueOf(port), "-u", "me", "-P", PASSWORD);
        };
    }

    private List<String> squid(String program, Path home, String scheme, String helper) throws IOException {
        Path log = readable(home, "cache.log", "");
        Path hosts = readable(home, "hosts", "127.0.0.1 " + KNOWN_TO_SQUID + "\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
        return List.of(program, "-N", "-f", readable(home, "squid.conf", SQUID.formatted(port, log, hosts, scheme, helper)).toString());
    }

    private static String script(Path home, String text) throws IOException {
        Path script = readable(home, "helper", text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    private static Path readable(Path home, String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private void awaitOpen(Make make) throws InterruptedException {
        for (int i = 0; i < 1500; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError(make + " does not listen; see " + Programs.log(make.program));
    }

    @Override
    public void close() throws IOException {
        Programs.end(process);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
