package dev.duplex.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The FAILs of one peer that the page on conformance explains: a row names the peer, or goes on with the one above.
 *
 * @param cases all of them
 * @param always those that do not hang on the moment; the page writes the others in brackets
 */
record Explained(Set<String> cases, Set<String> always) {
    private static final Path PAGE = Path.of("../docs/conformance.md");
    private static final int COLUMNS = 5;

    /** Reads the page; a peer that is here in another version leaves the test out. */
    static Explained of(JudgedPeer peer) throws IOException {
        Explained explained = new Explained(new TreeSet<>(), new TreeSet<>());
        String named = "";
        for (String line : Files.readAllLines(PAGE)) {
            String[] cells = line.split(" *\\| *", -1);
            if (cells.length != COLUMNS + 2) {
                continue;
            }
            named = cells[1].isEmpty() ? named : cells[1];
            if (named.equals(peer.title())) {
                if (!cells[2].isEmpty() && !cells[2].equals(peer.version())) {
                    Programs.missing(peer.title() + " " + cells[2]);
                }
                explained.add(cells[3]);
            }
        }
        return explained;
    }

    /** {@code 20.2.3 to 20.2.5, 20.4.8, (20.4.9)} */
    private void add(String cell) {
        for (String range : cell.split(", *")) {
            String[] ends = range.replaceAll("[()]", "").split(" to ");
            int dot = ends[0].lastIndexOf('.') + 1;
            int last = Integer.parseInt(ends[ends.length - 1].substring(dot));
            for (int i = Integer.parseInt(ends[0].substring(dot)); i <= last; i++) {
                String id = ends[0].substring(0, dot) + i;
                cases.add(id);
                if (!range.startsWith("(")) {
                    always.add(id);
                }
            }
        }
    }
}
