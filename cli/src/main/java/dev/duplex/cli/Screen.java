package dev.duplex.cli;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.PrintStream;
import java.util.HexFormat;

/** What {@code duplex connect} shows: messages on standard output, everything about them on standard error. */
final class Screen {
    /** So much of a binary message is shown in hex; whoever wants all of it uses {@code --binary}. */
    private static final int HEX_BYTES = 1024;

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final Streams streams;
    private final boolean isBinary;
    private final boolean isRaw;

    /**
     * A screen.
     *
     * @param isBinary whether binary messages are written as they are, not in hex
     * @param isRaw whether messages are written exactly as they came: no escapes, no line ends
     */
    Screen(Streams streams, boolean isBinary, boolean isRaw) {
        this.streams = streams;
        this.isBinary = isBinary;
        this.isRaw = isRaw;
    }

    /** Shows a message that came. @return false if nobody reads standard output any more, as when {@code head} has had enough */
    synchronized boolean message(Message message) {
        PrintStream out = streams.out();
        if (isRaw) {
            out.writeBytes(message.bytes());
        } else {
            if (streams.isOutTerminal()) {
                out.print(Colour.RECEIVED.paint("<", streams.hasOutColours()) + " ");
            }
            body(out, message);
            out.write('\n');
        }
        return !out.checkError();
    }

    private void body(PrintStream out, Message message) {
        if (message.isText()) {
            out.print(Printable.text(message.text()));
        } else if (!isBinary) {
            out.print(hex(message.bytes()));
        } else if (streams.isOutTerminal()) {
            out.print(Printable.text(message.bytes()));
        } else {
            out.writeBytes(message.bytes());
        }
    }

    /** Something worth knowing about the conversation. */
    synchronized void aside(String text) {
        streams.err().println(Colour.ASIDE.paint("duplex: " + Printable.line(text), streams.hasErrColours()));
    }

    /** The same, where a person watches. */
    void hint(String text) {
        if (streams.isErrTerminal()) {
            aside(text);
        }
    }

    /** Something that went wrong. */
    synchronized void complaint(String text) {
        streams.err().println(Colour.BAD.paint("duplex: " + Printable.line(text), streams.hasErrColours()));
    }

    /** How it ended. */
    void closed(CloseReason reason) {
        if (ConnectCommand.isGood(reason)) {
            aside("closed: " + reason);
        } else {
            complaint("closed: " + reason);
        }
    }

    static String hex(byte[] bytes) {
        int shown = Math.min(bytes.length, HEX_BYTES);
        String more = bytes.length > shown ? " and " + (bytes.length - shown) + " more" : "";
        String count = bytes.length == 1 ? "1 byte" : bytes.length + " bytes";
        return "[binary, " + count + "]" + (shown > 0 ? " " : "") + HEX.formatHex(bytes, 0, shown) + more;
    }
}
