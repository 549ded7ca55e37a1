package dev.duplex.conformance;

/** How one case ended. */
public enum Verdict {
    /** What the RFC asks for came. */
    PASS("PASS"),
    /** What came is tolerable, but a stricter peer does better. */
    NON_STRICT("NON-STRICT"),
    /** What came breaks a rule, or nothing came. */
    FAIL("FAIL"),
    /** The case only reports: no rule decides it, or the peer does not offer what it needs. */
    INFO("INFO");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** The word used in every report. */
    public String label() {
        return label;
    }

    static Verdict of(String label) {
        for (Verdict verdict : values()) {
            if (verdict.label.equals(label)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("not a verdict: " + label);
    }
}
