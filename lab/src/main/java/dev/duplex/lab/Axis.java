package dev.duplex.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a plot: from values to places.
 *
 * @param least the value at {@code from}
 * @param most the value at {@code to}
 * @param from where it begins, in the picture's units
 * @param to where it ends
 * @param isLogarithmic whether each power of ten has the same length
 */
record Axis(double least, double most, double from, double to, boolean isLogarithmic) {

    /** An axis that begins and ends at round numbers around all values. */
    static Axis around(List<Double> values, double from, double to, boolean isLogarithmic) {
        double low = values.stream().mapToDouble(v -> v).filter(v -> !isLogarithmic || v > 0).min().orElse(1);
        double high = Math.max(values.stream().mapToDouble(v -> v).max().orElse(1), low);
        if (isLogarithmic) {
            double top = Math.pow(10, Math.ceil(Math.log10(high) - 1e-9));
            double foot = Math.pow(10, Math.floor(Math.log10(low) + 1e-9));
            return new Axis(foot, top > foot ? top : foot * 10, from, to, true);
        }
        double step = step(high);
        return new Axis(0, Math.ceil(high / step) * step, from, to, false);
    }

    private static double step(double high) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(high, 1e-9))));
        double lead = high / power;
        return power * (lead > 5 ? 2 : lead > 2 ? 1 : 0.5);
    }

    double at(double value) {
        double share = isLogarithmic ? Math.log(Math.max(value, least) / least) / Math.log(most / least) : (value - least) / (most - least);
        return from + Math.clamp(share, 0, 1) * (to - from);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (isLogarithmic) {
            for (double tick = least; tick <= most * 1.001; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            for (double tick = 0; tick <= most * 1.001; tick += step(most)) {
                ticks.add(tick);
            }
        }
        return ticks;
    }

    static String label(double value) {
        if (value >= 10_000) {
            return String.format(Locale.ROOT, value >= 1e6 ? "%.0fM" : "%.0fk", value / (value >= 1e6 ? 1e6 : 1e3));
        }
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf(Math.round(value * 1e4) / 1e4);
    }
}
