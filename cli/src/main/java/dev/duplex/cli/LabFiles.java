package dev.duplex.cli;

import dev.duplex.lab.LabReport;
import dev.duplex.lab.MarkdownTables;
import dev.duplex.lab.ReportPage;
import dev.duplex.lab.WhyTcp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** The files that {@code duplex lab} writes. */
final class LabFiles {
    private static final String BEGIN = "<!-- lab -->\n";
    private static final String END = "<!-- /lab -->";

    private final Streams streams;
    private final Path html;
    private final Path markdown;
    private final String json;

    /** Complains at once of what could not be written after minutes of measuring. */
    LabFiles(Streams streams, Path html, Path markdown, String json) {
        this.streams = streams;
        this.html = html;
        this.markdown = markdown;
        this.json = json;
        writable("--html", html);
        writable("--json", json == null || json.equals("-") ? null : Path.of(json));
        if (markdown != null && !hasPlace(markdown)) {
            throw Complaint.wrongUse("--markdown wants a file with the lines <!-- lab --> and <!-- /lab -->, unlike " + markdown);
        }
    }

    private static void writable(String option, Path file) {
        Path parent = file == null ? null : file.toAbsolutePath().getParent();
        if (parent != null && (!Files.isWritable(parent) || Files.isDirectory(file))) {
            throw Complaint.wrongUse(option + " " + file + " cannot be written");
        }
    }

    private static boolean hasPlace(Path file) {
        try {
            String text = Files.readString(file);
            return text.contains(BEGIN) && text.indexOf(END) > text.indexOf(BEGIN);
        } catch (IOException e) {
            return false;
        }
    }

    boolean isJsonAlone() {
        return "-".equals(json);
    }

    /** Whether sweeps and the second page are wanted. */
    boolean wantsAll() {
        return html != null || markdown != null;
    }

    /** Writes what was asked for; each of the two may be null. */
    void write(LabReport report, WhyTcp why) {
        try {
            if (html != null) {
                Files.writeString(html, ReportPage.of(report, why));
            }
            if (markdown != null) {
                String text = Files.readString(markdown);
                int begin = text.indexOf(BEGIN) + BEGIN.length();
                Files.writeString(markdown, text.substring(0, begin) + MarkdownTables.of(report, why) + text.substring(text.indexOf(END)));
            }
            if (json != null) {
                writeJson(report, why);
            }
        } catch (IOException e) {
            throw Complaint.failure("cannot write " + e.getMessage());
        }
    }

    private void writeJson(LabReport report, WhyTcp why) throws IOException {
        Map<String, Object> map = report == null ? new LinkedHashMap<>() : report.toMap();
        if (why != null) {
            map.put("why_tcp", why.toMap());
        }
        String text = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(map) + "\n";
        if (isJsonAlone()) {
            streams.out().print(text);
        } else {
            Files.writeString(Path.of(json), text);
        }
    }
}
