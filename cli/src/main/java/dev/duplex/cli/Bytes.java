package dev.duplex.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of bytes as people write it: {@code 1048576}, {@code 16MiB}, {@code 1.5MB}.
 *
 * @param count 0 or more
 */
record Bytes(long count) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,6})?) ?([kmg]i?b|b|)");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "kb", 1_000L, "mb", 1_000_000L, "gb", 1_000_000_000L);

    static Bytes parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is not a number of bytes such as 65536, 64KiB or 16MiB");
        }
        return new Bytes(Math.round(Double.parseDouble(form.group(1)) * UNITS.get(form.group(2))));
    }

    /** Written out: the form that a record has by itself is put together at run time, and a start waits for it. */
    @Override
    public String toString() {
        return count + " bytes";
    }

    /** The number as an int that is at most {@code most}. */
    int atMost(int most, String option) {
        if (count > most) {
            throw Complaint.wrongUse(option + " is at most " + most + " bytes, not " + count);
        }
        return (int) count;
    }
}
