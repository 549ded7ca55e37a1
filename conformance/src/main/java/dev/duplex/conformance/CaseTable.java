package dev.duplex.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All cases, read from the tables beside this class.
 *
 * <pre>
 *   = group | RFC section | attributes            a group; its attributes hold for all its cases
 *   id | title | script | outcomes | attributes   a case
 *   id.* | ... {} ... | ... | of: a, b, c         a series: one case for each value, {} stands for it
 * </pre>
 *
 * Attributes: {@code servers} or {@code clients} (who is judged), {@code offer:} and {@code accept:} (permessage-deflate),
 * {@code opening:} (edits of the handshake, between {@code ++}), {@code reply:} (what the answer's headers must say).
 */
final class CaseTable {
    private static final List<String> FILES = List.of("framing", "utf8", "closing", "limits", "deflate", "opening", "opening-client", "own", "own-deflate");
    private final List<Case> cases = new ArrayList<>();
    private final int maxMessageBytes;
    private List<String> group = List.of();

    private CaseTable(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The cases in the order of the tables; longer messages are cut to the given size. */
    static List<Case> load(int maxMessageBytes) {
        CaseTable table = new CaseTable(maxMessageBytes);
        for (String file : FILES) {
            table.read(file + ".cases");
        }
        return List.copyOf(table.cases);
    }

    private void read(String file) {
        try (InputStream in = CaseTable.class.getResourceAsStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                row(line.strip(), file + ":" + number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void row(String line, String place) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        try {
            if (line.startsWith("=")) {
                group = columns(line.substring(1));
            } else {
                series(columns(line));
            }
        } catch (RuntimeException e) {
            throw new IllegalStateException(place + ": " + e.getMessage(), e);
        }
    }

    private static List<String> columns(String line) {
        return List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
    }

    private void series(List<String> columns) {
        Map<String, String> attributes = new HashMap<>();
        group.stream().skip(2).forEach(a -> attribute(a, attributes));
        columns.stream().skip(4).forEach(a -> attribute(a, attributes));
        String values = attributes.get("of");
        if (values == null) {
            cases.add(one(columns, attributes, null));
            return;
        }
        int number = 1;
        for (String value : values.split(",")) {
            List<String> row = new ArrayList<>(columns);
            row.set(0, columns.get(0).replace("*", String.valueOf(number++)));
            cases.add(one(row, attributes, value.strip()));
        }
    }

    private static void attribute(String text, Map<String, String> attributes) {
        int colon = text.indexOf(':');
        attributes.put(colon < 0 ? text : text.substring(0, colon), colon < 0 ? "" : text.substring(colon + 1).strip());
    }

    private Case one(List<String> columns, Map<String, String> attributes, String value) {
        List<Step> steps = Script.parse(with(value, columns.get(2)), maxMessageBytes);
        List<Outcome> outcomes = Outcomes.parse(with(value, columns.get(3)), steps, maxMessageBytes);
        Case.Sides sides = attributes.containsKey("servers") ? Case.Sides.SERVERS : attributes.containsKey("clients") ? Case.Sides.CLIENTS : Case.Sides.BOTH;
        return new Case(columns.get(0), group.get(0), with(value, columns.get(1)), attributes.getOrDefault("section", group.get(1)), sides,
                list(with(value, attributes.get("opening")), "\\+\\+"), with(value, attributes.getOrDefault("offer", "")),
                list(with(value, attributes.get("accept")), "/"), list(with(value, attributes.get("reply")), "\\+\\+"), steps, outcomes);
    }

    private static String with(String value, String text) {
        return value == null || text == null ? text : text.replace("{}", value);
    }

    private static List<String> list(String text, String separator) {
        return text == null ? List.of() : List.of(text.split(separator)).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    }
}
