package dev.duplex.cli;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.protocol.Headers;
import dev.duplex.web.PageFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code duplex serve} answers to plain HTTP: the pages, and the files of a directory. */
final class Site {
    private Site() {}

    /** The page at {@code /}, its parts below {@code /duplex/}. */
    static void page(ServerBuilder server) {
        Page page = new Page(PageFile.INDEX_HTML);
        server.http("/", query -> page.answer());
        parts(server);
    }

    /**
     * The files of a directory at {@code /}; the page moves to {@code /duplex} if the directory has an {@code index.html}.
     *
     * @throws Complaint if it is not a directory that can be read
     */
    static void files(ServerBuilder server, Path directory) {
        if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
            throw Complaint.wrongUse("--static " + directory + " is not a directory that can be read");
        }
        server.files("/", directory);
        if (Files.exists(directory.resolve("index.html"))) {
            parts(server);
        } else {
            page(server);
        }
    }

    private static void parts(ServerBuilder server) {
        Page page = new Page(PageFile.INDEX_HTML);
        server.http("/duplex", query -> page.answer());
        Page call = new Page(PageFile.CALL_HTML);
        Page lab = new Page(PageFile.LAB_HTML);
        server.http("/lab", query -> lab.answer());
        Page loss = new Page(PageFile.LOSS_HTML);
        server.http("/lab/webrtc", query -> loss.answer());
        HttpAnswer lobby = new HttpAnswer(302, Headers.of("Location", "/call/lobby"), new byte[0]);
        server.http("/call", query -> lobby);
        server.http("/call/{room}", query -> call.answer().with("Permissions-Policy", "camera=(self), microphone=(self)"));
        for (PageFile file : PageFile.values()) {
            Page part = new Page(file);
            server.http("/duplex/" + file.fileName(), query -> part.answer());
        }
    }

    /** A file, read when somebody asks for it first: a start waits for none. */
    private static final class Page {
        private final PageFile file;
        private volatile HttpAnswer answer;

        Page(PageFile file) {
            this.file = file;
        }

        HttpAnswer answer() {
            HttpAnswer known = answer;
            if (known == null) {
                known = HttpAnswer.of(200, file.mediaType(), file.bytes())
                        .with("Content-Security-Policy", PageFile.CONTENT_SECURITY_POLICY)
                        .with("X-Content-Type-Options", "nosniff")
                        .with("Referrer-Policy", "no-referrer")
                        .with("Cache-Control", "no-cache");
                answer = known;
            }
            return known;
        }
    }
}
