package dev.duplex.cli;

import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * What a measured value is to keep to, as people write it: {@code <5ms}, {@code >=10000}.
 *
 * @param text as it was written
 * @param relation {@code <}, {@code <=}, {@code >} or {@code >=}
 * @param limit what stands on the right: nanoseconds of a latency, else the number
 */
record Bound(String text, String relation, double limit) {
    private static final Pattern FORM = Pattern.compile("(<=|>=|<|>) *(\\S.*)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,6})?");

    /** A bound on a latency. */
    static Bound ofLatency(String option, String text) {
        return of(option, text, "'<5ms'", right -> Durations.parse(right).toNanos());
    }

    /** A bound on a number. */
    static Bound ofNumber(String option, String text) {
        return of(option, text, "'>10000'", Bound::number);
    }

    private static Bound of(String option, String text, String example, ToDoubleFunction<String> value) {
        Matcher form = FORM.matcher(text.strip());
        if (form.matches()) {
            try {
                return new Bound(form.group(1) + " " + form.group(2), form.group(1), value.applyAsDouble(form.group(2)));
            } catch (TypeConversionException notOne) {
                throw Complaint.wrongUse(option + ": " + notOne.getMessage());
            }
        }
        throw Complaint.wrongUse(option + " wants a relation and a value, such as " + example + ", not '" + text + "'");
    }

    private static double number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
        return Double.parseDouble(text);
    }

    boolean holds(double measured) {
        return switch (relation) {
            case "<" -> measured < limit;
            case "<=" -> measured <= limit;
            case ">" -> measured > limit;
            default -> measured >= limit;
        };
    }
}
