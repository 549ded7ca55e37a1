package dev.duplex.signalling;

import java.text.Normalizer;

/** What a peer or a room may be called: what a person can read, and no two names that look the same but for their bytes. */
final class Names {
    /** A full name fits; a novel does not. */
    static final int MAX_CODE_POINTS = 32;

    private Names() {}

    /** The name in its one form (NFC, no blanks around it), or null if it is none. */
    static String canonical(String given) {
        if (given.length() > 4 * MAX_CODE_POINTS) {
            return null;
        }
        String name = Normalizer.normalize(given, Normalizer.Form.NFC).strip();
        boolean isReadable = name.codePoints().allMatch(Names::isReadable);
        return isReadable && !name.isEmpty() && name.codePointCount(0, name.length()) <= MAX_CODE_POINTS ? name : null;
    }

    /** No control, no line end, no half of a pair, nothing that turns the direction of what follows. */
    private static boolean isReadable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.FORMAT -> codePoint == 0x200D; // joins the parts of an emoji
            default -> true;
        };
    }
}
