package dev.duplex.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import tools.jackson.jr.ob.JSON;

/** The npm packages that the scripts use: installed once into the build directory, where Node looks for them. */
final class NodeModules {
    private static final Path HOME = Programs.TARGET.resolve("node_modules");

    private NodeModules() {}

    /** Node, with the packages in its reach. */
    static Path node() {
        install();
        return Programs.named("node");
    }

    /** The executable file of a package that carries one for each platform; only this platform's was installed. */
    static Path binary(String scope, String name) {
        install();
        try (Stream<Path> files = Files.find(HOME.resolve(scope), 3, (path, found) -> path.endsWith(name) && found.isRegularFile())) {
            return files.findFirst().orElseGet(() -> Programs.missing(name));
        } catch (IOException noSuchPackage) {
            return Programs.missing(name);
        }
    }

    /** The version of a package that is installed. */
    static String version(String name) {
        install();
        try {
            return String.valueOf(JSON.std.mapFrom(Files.readString(HOME.resolve(name).resolve("package.json"))).get("version"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void install() {
        Path npm = Programs.named("npm");
        Path wanted = Path.of("src/test/npm/package-lock.json");
        Path done = HOME.resolve("installed-package-lock.json");
        // Test classes run in two processes, and only one may install.
        try (FileChannel one = FileChannel.open(Programs.TARGET.resolve("npm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            one.lock();
            if (Files.exists(done) && Files.mismatch(wanted, done) < 0) {
                return;
            }
            for (String file : new String[] {"package.json", "package-lock.json"}) {
                Files.copy(wanted.resolveSibling(file), Programs.TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            // Not "npm ci", which fails where a registry lacks a package of some other platform.
            Programs.mustRun(new ProcessBuilder(npm.toString(), "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(Programs.TARGET.toFile()), "npm");
            Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
