package dev.duplex.cli;

/** What a colour means, everywhere the same. */
enum Colour {
    /** What goes out: blue. */
    SENT("34"),
    /** What comes in: green. */
    RECEIVED("32"),
    /** What is said about the conversation: dim. */
    ASIDE("2"),
    /** What went wrong: red. */
    BAD("31");

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    /** The text, in this colour if there are colours at all. */
    String paint(String text, boolean hasColours) {
        return hasColours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
