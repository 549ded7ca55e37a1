package dev.duplex.bench;

import java.util.Comparator;
import java.util.List;

/**
 * Bars for each case, the best first, ours in colour; one SVG that follows the reader's light or dark.
 *
 * @param cases one panel each, in two columns
 * @param contestants one bar each
 */
record Plot(Results results, List<Case> cases, List<Contestant> contestants) {
    private static final int PANEL_WIDTH = 430;
    private static final int BAR_HEIGHT = 18;
    private static final int NAMES = 130;
    private static final int BARS = 220;

    /** A bar this many times as long as ours would be cut off: it would make all others too short to compare. */
    private static final double MOST = 6;

    String svg() {
        int panelHeight = 34 + contestants.size() * BAR_HEIGHT + 14;
        int rows = (cases.size() + 1) / 2;
        StringBuilder svg = new StringBuilder(16_000);
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" role="img">
                <title>Processor time for each message, and memory of an idle connection; shorter is better</title>
                <style>
                  text { fill: #1f2328 } .other { fill: #9aa4af } .ours { fill: #2563eb } .bold { font-weight: 600 }
                  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #59636e } .ours { fill: #60a5fa } }
                </style>
                """.formatted(2 * PANEL_WIDTH, rows * panelHeight));
        for (int i = 0; i < cases.size(); i++) {
            svg.append("<g transform=\"translate(").append(i % 2 * PANEL_WIDTH).append(',').append(i / 2 * panelHeight).append(")\">\n");
            panel(svg, cases.get(i));
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(StringBuilder svg, Case race) {
        String unit = race == Case.IDLE ? "bytes each" : "µs a " + race.unit;
        svg.append("<text class=\"bold\" x=\"0\" y=\"16\">").append(race.title).append("</text><text x=\"0\" y=\"30\" font-size=\"10\">").append(unit).append("</text>\n");
        List<Contestant> sorted = contestants.stream().filter(one -> !Double.isNaN(results.score(one, race)))
                .sorted(Comparator.comparingDouble(one -> results.score(one, race))).toList();
        double longest = sorted.stream().mapToDouble(one -> results.score(one, race)).max().orElse(1);
        double ours = results.score(Contestant.DUPLEX, race);
        double full = Double.isNaN(ours) ? longest : Math.min(longest, MOST * ours);
        int y = 34;
        for (Contestant contestant : sorted) {
            double score = results.score(contestant, race);
            boolean isOurs = contestant.kind == Contestant.Kind.OURS;
            boolean isCut = score > full;
            double width = Math.max(1, Math.min(1, score / full) * BARS);
            svg.append("<text%s x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>".formatted(isOurs ? " class=\"bold\"" : "", NAMES - 6, y + 13, contestant.title));
            svg.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>".formatted(isOurs ? "ours" : "other", NAMES, y + 2, width, BAR_HEIGHT - 4));
            svg.append("<text%s x=\"%.1f\" y=\"%d\">%s%s</text>%n".formatted(isOurs ? " class=\"bold\"" : "", NAMES + width + 4, y + 13, isCut ? "» " : "", Results.number(score)));
            y += BAR_HEIGHT;
        }
    }
}
