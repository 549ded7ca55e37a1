package dev.duplex.lab;

import java.util.List;
import java.util.Locale;

/** A picture in SVG: lines over a grid, both axes logarithmic, or dots over time. Colours stand in the page's style. */
final class Plot {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 330;
    private static final int LEFT = 54;
    private static final int RIGHT = 22;
    private static final int TOP = 26;
    private static final int BOTTOM = 42;

    /** One place of a line. */
    record Point(double x, double y) {}

    /** One line. @param style the number of its colour; -1 for the dotted one */
    record Line(String key, int style, boolean isThin, List<Point> points) {}

    private final StringBuilder svg = new StringBuilder();
    private final Axis x;
    private final Axis y;

    private Plot(Axis x, Axis y, String xKey, String yKey) {
        this.x = x;
        this.y = y;
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s, %s\">", WIDTH, HEIGHT, Texts.english(yKey), Texts.english(xKey));
        for (double tick : x.ticks()) {
            add("<path class=\"grid\" d=\"M%.1f %d V%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x.at(tick), TOP, HEIGHT - BOTTOM,
                    x.at(tick), HEIGHT - BOTTOM + 16, Axis.label(tick));
        }
        for (double tick : y.ticks()) {
            add("<path class=\"grid\" d=\"M%d %.1f H%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT, y.at(tick), WIDTH - RIGHT,
                    LEFT - 6, y.at(tick) + 4, Axis.label(tick));
        }
        add("<path class=\"frame\" d=\"M%d %d V%d H%d\"/>", LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT);
        svg.append(Texts.svg(yKey, "x=\"4\" y=\"14\""));
        svg.append(Texts.svg(xKey, "x=\"" + (WIDTH - RIGHT) + "\" y=\"" + (HEIGHT - 8) + "\" text-anchor=\"end\""));
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    /** Lines over logarithmic axes, with a legend. */
    static String lines(List<Line> lines, String xKey, String yKey) {
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        Plot plot = new Plot(Axis.around(all.stream().map(Point::x).toList(), LEFT, WIDTH - RIGHT, true),
                Axis.around(all.stream().map(Point::y).toList(), HEIGHT - BOTTOM, TOP, true), xKey, yKey);
        lines.forEach(plot::line);
        return plot.svg + "</svg>" + legend(lines);
    }

    private void line(Line line) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x.at(point.x()), y.at(point.y())));
        }
        String kind = line.style() < 0 ? "alone" : (line.isThin() ? "thin" : "line") + " s" + line.style();
        add("<path class=\"%s\" d=\"%s\"/>", kind, path);
        if (line.style() >= 0 && !line.isThin()) {
            for (Point point : line.points()) {
                add("<circle class=\"f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"><title>%s: %s, %s</title></circle>", line.style(), x.at(point.x()), y.at(point.y()),
                        Texts.english(line.key()), Axis.label(point.x()), Axis.label(Math.round(point.y() * 100) / 100.0));
            }
        }
    }

    private static String legend(List<Line> lines) {
        StringBuilder html = new StringBuilder("<ul class=\"legend\">");
        for (Line line : lines) {
            if (!line.isThin()) {
                html.append("<li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"").append(line.style() < 0 ? "alone" : "line s" + line.style())
                        .append("\" d=\"M0 5H26\"/></svg>").append(Texts.html(line.key())).append("</li>");
            }
        }
        return html.append("</ul>").toString();
    }

    /** When each message came: a dot for each, higher is later. @param mostMillis the same for all plots that are compared */
    static String arrivals(LossyTraffic traffic, int perSecond, double mostMillis, int style) {
        double seconds = (double) traffic.messages() / perSecond;
        Plot plot = new Plot(Axis.around(List.of(seconds), LEFT, WIDTH - RIGHT, false), Axis.around(List.of(mostMillis), HEIGHT - BOTTOM, TOP, false),
                "axis.time", "axis.late");
        int latest = -1;
        for (Arrival arrival : traffic.arrivals()) {
            boolean isOvertaken = arrival.sequence() < latest;
            plot.add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>", isOvertaken ? "open s" + style : "f" + style,
                    plot.x.at((double) arrival.sequence() / perSecond), plot.y.at(arrival.lateMillis()), isOvertaken ? "3.6" : "1.9");
            latest = Math.max(latest, arrival.sequence());
        }
        for (int sequence : traffic.missing()) {
            double at = plot.x.at((double) sequence / perSecond);
            double foot = HEIGHT - BOTTOM;
            plot.add("<path class=\"never\" d=\"M%.1f %.1fl6 -6m0 6l-6 -6\"/>", at - 3, foot - 1);
        }
        return plot.svg + "</svg>" + arrivalsLegend(style);
    }

    private static String arrivalsLegend(int style) {
        return "<ul class=\"legend\"><li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><circle class=\"f" + style + "\" cx=\"13\" cy=\"5\" r=\"2.5\"/></svg>"
                + Texts.html("why.dot") + "</li><li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><circle class=\"open s" + style
                + "\" cx=\"13\" cy=\"5\" r=\"3.6\"/></svg>" + Texts.html("why.overtaken")
                + "</li><li><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"never\" d=\"M10 8l6 -6m0 6l-6 -6\"/></svg>" + Texts.html("why.never")
                + "</li></ul>";
    }
}
