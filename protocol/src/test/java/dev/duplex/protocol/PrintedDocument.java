package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in {@code docs/} that a test prints from the code, so that it cannot go stale. */
final class PrintedDocument {
    private PrintedDocument() {}

    /** The directory of the compiled tests. */
    static Path testClasses() {
        try {
            return Path.of(PrintedDocument.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails if the file differs from the text; with {@code -Ddocs.refresh} it writes the file instead. */
    static void assertUpToDate(String fileName, String text, Class<?> printer) throws IOException {
        Path file = testClasses().resolve("../../../docs").normalize().resolve(fileName);
        if (System.getProperty("docs.refresh") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("docs/%s is stale; print it anew with: %s", fileName, command(printer))
                .isEqualTo(text);
    }

    static String command(Class<?> printer) {
        return "./mvnw -pl protocol test -Ddocs.refresh -Dtest=" + printer.getSimpleName();
    }
}
