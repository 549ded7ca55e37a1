package dev.duplex.attacks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The rows of docs/security.md, as the files {@code A.rows}, {@code B.rows}, … beside this class tell them. */
record SecurityTable(List<Group> groups) {
    private static final String LETTERS = "ABCDEFGHI";

    /** One file: its title, and its rows. */
    record Group(char letter, String title, List<Entry> rows) {}

    /**
     * One line of a file: {@code A1 | what comes | what is required}, and a fourth cell if it has no test.
     *
     * @param why there is no test; null if there is
     */
    record Entry(String id, String input, String required, String why) {}

    static SecurityTable read() {
        List<Group> groups = new ArrayList<>();
        for (char letter : LETTERS.toCharArray()) {
            List<String> lines = lines(letter + ".rows");
            if (!lines.isEmpty()) {
                groups.add(new Group(letter, lines.getFirst(), lines.stream().skip(1).map(SecurityTable::entry).toList()));
            }
        }
        return new SecurityTable(groups);
    }

    private static Entry entry(String line) {
        String[] cells = line.split(" \\| ");
        if (cells.length != 3 && cells.length != 4) {
            throw new IllegalStateException("a row is 'id | what comes | what is required [| why there is no test]', not: " + line);
        }
        return new Entry(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells.length == 3 ? null : cells[3].strip());
    }

    private static List<String> lines(String file) {
        try (InputStream in = SecurityTable.class.getResourceAsStream(file)) {
            return in == null ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
