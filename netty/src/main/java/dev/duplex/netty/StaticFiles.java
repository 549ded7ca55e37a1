package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files of a directory. Nothing outside of it, nothing whose name begins with a dot, and no listing. */
final class StaticFiles implements Page {
    private static final String INDEX = "index.html";

    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("xml", "application/xml"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("avif", "image/avif"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"),
            Map.entry("zip", "application/zip"));

    private final Path root;

    /** @throws IllegalArgumentException if it is not a directory that can be read */
    StaticFiles(Path directory) {
        try {
            root = directory.toRealPath();
        } catch (IOException e) {
            throw new IllegalArgumentException("directory " + directory + " cannot be read", e);
        }
        if (!Files.isDirectory(root) || !Files.isReadable(root)) {
            throw new IllegalArgumentException("directory " + directory + " cannot be read");
        }
    }

    @Override
    public Reply reply(HttpQuery query, String below) {
        try {
            return find(below).map(file -> serve(file, query)).orElse(null) instanceof Reply reply ? reply : missing(query, below);
        } catch (IOException e) {
            return Reply.text(404, "there is nothing here");
        }
    }

    /** A directory is asked for with a slash at the end, or the page's relative links would lead astray. */
    private Reply missing(HttpQuery query, String below) throws IOException {
        boolean isDirectory = !below.isEmpty() && !below.endsWith("/") && find(below + "/").isPresent();
        return isDirectory
                ? Reply.text(308, "there is a slash at the end").with("Location", lastSegment(query.path()) + "/")
                : Reply.text(404, "there is nothing here");
    }

    /** The regular file that a path below the root stands for. */
    private Optional<Path> find(String below) throws IOException {
        String name = below.isEmpty() || below.endsWith("/") ? below + INDEX : below;
        if (!List.of(name.split("/", -1)).stream().allMatch(StaticFiles::isServed)) {
            return Optional.empty();
        }
        Path file = root.resolve(name);
        // A symbolic link may lead anywhere; only where it ends counts.
        if (!Files.isRegularFile(file) || !Files.isReadable(file) || !file.toRealPath().startsWith(root)) {
            return Optional.empty();
        }
        return Optional.of(file.toRealPath());
    }

    /** Neither hidden, nor a way up, nor a name that one system reads otherwise than another. */
    private static boolean isServed(String segment) {
        return !segment.isEmpty() && !segment.startsWith(".") && segment.indexOf('\\') < 0 && segment.indexOf(':') < 0
                && segment.indexOf('\0') < 0;
    }

    private Reply serve(Path file, HttpQuery query) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String tag = "\"%x-%x\"".formatted(attributes.lastModifiedTime().toMillis(), attributes.size());
            Headers headers = Headers.of("ETag", tag, "Cache-Control", "no-cache");
            if (matches(query.headers(), tag)) {
                return Reply.empty(304, headers);
            }
            return Reply.file(headers.with("Content-Type", mediaType(file)), FileChannel.open(file), attributes.size());
        } catch (IOException vanished) {
            return null;
        }
    }

    /** RFC 9110 §13.1.2: any of the tags, compared weakly. */
    private static boolean matches(Headers headers, String tag) {
        for (String line : headers.all("If-None-Match")) {
            for (String known : line.split(",")) {
                String bare = known.strip();
                if (bare.equals("*") || bare.equals(tag) || bare.equals("W/" + tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String mediaType(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static String lastSegment(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
