package dev.duplex.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.jr.ob.JSON;

/**
 * What is there before a race: programs, keys, packages.
 *
 * @param root the project's directory
 */
record Setup(Path root) {
    /**
     * The heap and the collector of every Java contestant: one core has no use for a collector with threads, and a heap that begins
     * with a part of the machine's memory shows garbage as memory in use.
     */
    private static final List<String> JAVA_OPTIONS = List.of("-Xms64m", "-Xmx1g", "-XX:+UseSerialGC");

    /** What some of them ask for in their documentation, or warn without; all have it. */
    private static final List<String> JAVA_ACCESS = List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    static String javaOptions() {
        return String.join(" ", JAVA_OPTIONS);
    }

    Path work() {
        return root.resolve("bench/target/race");
    }

    Path jar() {
        return root.resolve("cli/target/duplex.jar");
    }

    Path launcher() {
        return root.resolve("duplex");
    }

    /** Lets the launcher build what it starts, cache included, so that no start that is measured does. */
    void prepareLauncher() throws IOException, InterruptedException {
        run(launcher().toString(), "--version");
    }

    List<String> java() {
        return Stream.of(List.of(javaTool("java")), JAVA_OPTIONS, JAVA_ACCESS).flatMap(List::stream).toList();
    }

    static String javaTool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    String classPath() {
        return System.getProperty("java.class.path");
    }

    String script(String name) {
        return root.resolve("bench/src/main/scripts").resolve(name).toString();
    }

    Path bun() {
        return work().resolve("node_modules/@oven/bun-linux-" + (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64") + "/bin/bun");
    }

    /** Lays ready what the contestants need. */
    void prepare(List<Contestant> contestants) throws IOException, InterruptedException {
        Files.createDirectories(work());
        if (contestants.contains(Contestant.BUN) || contestants.contains(Contestant.WS)) {
            installPackages();
        }
        if (!Files.exists(keys().resolve("key.pem"))) {
            makeKeys();
        }
    }

    private void installPackages() throws IOException, InterruptedException {
        Path wanted = Path.of(script("package.json"));
        Path installed = work().resolve("installed.json");
        if (Files.exists(installed) && Files.mismatch(wanted, installed) < 0) {
            return;
        }
        Files.copy(wanted, work().resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
        run("npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund");
        Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The directory of the certificate and the key that all share. */
    Path keys() {
        return work().resolve("keys");
    }

    private void makeKeys() throws IOException, InterruptedException {
        Files.createDirectories(keys());
        Path store = keys().resolve("keys.p12");
        Files.deleteIfExists(store);
        run(javaTool("keytool"), "-genkeypair", "-alias", "race", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-ext", "SAN=ip:127.0.0.1",
                "-validity", "3650", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(Given.PASSWORD));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, Given.PASSWORD);
            Key key = keys.getKey("race", Given.PASSWORD);
            writePem("cert.pem", "CERTIFICATE", keys.getCertificate("race").getEncoded());
            writePem("key.pem", "PRIVATE KEY", key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void writePem(String file, String what, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(keys().resolve(file), "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = work().resolve("prepare.log");
        int status = new ProcessBuilder(command).directory(work().toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        if (status != 0) {
            throw new IOException(command[0] + " failed; what it said is in " + log);
        }
    }

    /** Each contestant's version, as its package tells it. */
    String version(Contestant contestant) {
        try {
            if (contestant.kind == Contestant.Kind.NATIVE) {
                Map<String, Object> manifest = JSON.std.mapFrom(Files.readString(work().resolve("node_modules/" + contestant.artifact() + "/package.json")));
                return manifest.get("version").toString();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Pattern jar = Pattern.compile(".*[/-]" + Pattern.quote(contestant.artifact()) + "-(\\d.*)\\.jar");
        return Arrays.stream(classPath().split(":")).map(jar::matcher).filter(Matcher::matches).map(found -> found.group(1)).findFirst().orElse("this one");
    }
}
