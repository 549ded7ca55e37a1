package dev.duplex.attacks;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.Set;
import java.util.stream.Stream;

/** What compiled classes speak of: names stand in a class file as they are. */
final class ClassFiles {
    private ClassFiles() {}

    /** The simple names of the classes beside {@code type}, in its package, whose files hold one of the words. */
    static Set<String> speakingOf(Class<?> type, String... words) throws IOException {
        Path place = place(type);
        if (Files.isDirectory(place)) {
            return search(place.resolve(type.getPackageName().replace('.', '/')), words);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
            return search(jar.getPath(type.getPackageName().replace('.', '/')), words);
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> search(Path directory, String... words) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (List.of(words).stream().anyMatch(text::contains)) {
                    found.add(file.getFileName().toString().replaceAll("(\\$.*)?\\.class", ""));
                }
            }
        }
        return found;
    }
}
