package dev.duplex.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** Reports as files: JSON to read again, JUnit for a build, one HTML page for people. */
public final class ReportFiles {
    private ReportFiles() {}

    /** Writes reports as one JSON document: {@code {"reports": [...]}}. */
    public static void writeJson(Path file, List<Report> reports) throws IOException {
        Files.writeString(file, json(reports));
    }

    /**
     * Reads what {@link #writeJson} has written, so that earlier runs can stand beside new ones.
     *
     * @throws IOException when the file cannot be read or is no such document
     */
    public static List<Report> readJson(Path file) throws IOException {
        try {
            List<Report> reports = new ArrayList<>();
            Map<String, Object> document = JSON.std.mapFrom(Files.readString(file));
            for (Object report : (List<?>) document.get("reports")) {
                reports.add(report((Map<?, ?>) report));
            }
            return reports;
        } catch (JacksonException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException(file + " holds no results of a check", e);
        }
    }

    private static String json(List<Report> reports) {
        List<Object> list = new ArrayList<>();
        reports.forEach(r -> list.add(map(r)));
        try {
            return JSON.std.asString(Map.of("reports", list));
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> map(Report report) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("agent", report.agent());
        map.put("role", report.role());
        map.put("http", report.http());
        map.put("death", report.death());
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict.label(), report.count(verdict));
        }
        map.put("counts", counts);
        List<Object> results = new ArrayList<>();
        for (Result r : report.results()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("id", r.id());
            result.put("group", r.group());
            result.put("title", r.title());
            result.put("section", r.section());
            result.put("verdict", r.verdict().label());
            result.put("sentence", r.sentence());
            result.put("millis", r.millis());
            result.put("wire", r.verdict() == Verdict.PASS ? List.of() : r.wire());
            results.add(result);
        }
        map.put("results", results);
        return map;
    }

    private static Report report(Map<?, ?> map) {
        List<Result> results = new ArrayList<>();
        for (Object each : (List<?>) map.get("results")) {
            Map<?, ?> r = (Map<?, ?>) each;
            List<String> wire = ((List<?>) r.get("wire")).stream().map(String::valueOf).toList();
            results.add(new Result(text(r, "id"), text(r, "group"), text(r, "title"), text(r, "section"), Verdict.of(text(r, "verdict")), text(r, "sentence"),
                    ((Number) r.get("millis")).longValue(), wire));
        }
        return new Report(text(map, "agent"), text(map, "role"), map.containsKey("http") ? text(map, "http") : "1.1", text(map, "death"), results);
    }

    private static String text(Map<?, ?> map, String name) {
        return (String) map.get(name);
    }

    /** Writes reports as JUnit XML: a suite for each agent, a test for each case. */
    public static void writeJunit(Path file, List<Report> reports) throws IOException {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        for (Report report : reports) {
            xml.append("<testsuite name=\"").append(escape(report.agent())).append("\" tests=\"").append(report.results().size())
                    .append("\" failures=\"").append(report.count(Verdict.FAIL)).append("\" errors=\"0\" skipped=\"").append(report.results().stream().filter(r -> !r.isPlayed()).count()).append("\">\n");
            report.results().forEach(r -> junit(r, xml));
            xml.append("</testsuite>\n");
        }
        Files.writeString(file, xml.append("</testsuites>\n"));
    }

    private static void junit(Result r, StringBuilder xml) {
        xml.append("<testcase classname=\"").append(escape(r.group())).append("\" name=\"").append(escape(r.id() + " " + r.title()))
                .append("\" time=\"").append(r.millis() / 1000.0).append("\">");
        if (r.verdict() == Verdict.FAIL) {
            xml.append("<failure message=\"").append(escape(r.sentence())).append("\">").append(escape(String.join("\n", r.wire()))).append("</failure>");
        } else if (!r.isPlayed()) {
            xml.append("<skipped message=\"").append(escape(r.sentence())).append("\"/>");
        } else if (r.verdict() != Verdict.PASS) {
            xml.append("<system-out>").append(escape(r.verdict().label() + ": " + r.sentence())).append("</system-out>");
        }
        xml.append("</testcase>\n");
    }

    /** XML text; characters that XML cannot hold become question marks. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(c == '\n' || c == '\t' || c >= 0x20 && (c < 0xd800 || c > 0xdfff) && c != 0xfffe && c != 0xffff ? c : '?');
            }
        });
        return out.toString();
    }

    /** Writes one self-contained page that shows reports side by side. */
    public static void writeHtml(Path file, List<Report> reports) throws IOException {
        try (InputStream in = ReportFiles.class.getResourceAsStream("report.html")) {
            String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(file, page.replace("{\"reports\":[]}", json(reports).replace("<", "\\u003c")));
        }
    }
}
