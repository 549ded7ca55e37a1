package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The head of an HTTP/1.1 message, read strictly (RFC 9112 §2–5).
 *
 * <p>Each byte is looked at once, however the input is cut. What two readers could understand in two ways is refused, since a
 * proxy in front may be the other reader: bare CR or LF, control characters, folded lines, blanks before a colon.
 *
 * <pre>
 *   [CRLF]  GET SP /path SP HTTP/1.1 CRLF      at most 8 KiB, else 414
 *           Name: value CRLF                   at most 8 KiB each, 100 of them, 16 KiB in all, else 431
 *           CRLF
 * </pre>
 */
final class HeadReader {
    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;
    static final int MAX_HEADERS = 100;

    /** Room for the heads of most clients, taken when the first byte has come. */
    private static final int USUAL_BYTES = 512;

    /** tchar (RFC 9110 §5.6.2), by its byte without the sign. */
    private static final boolean[] IS_TOKEN = new boolean[256];

    static {
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".chars().forEach(c -> IS_TOKEN[c] = true);
    }

    /** What is known of the head so far. */
    enum Result { INCOMPLETE, COMPLETE, REFUSED }

    private final Predicate<String> isFirstLine;
    /** The fields so far, each as {@code name:value\n}, and behind them the line that is being read, as it came. */
    private byte[] held = {};
    private int lineStart;
    private int heldEnd;
    private int headerBytes;
    private int headers;
    private boolean sawReturn;
    private boolean sawEmptyLine;
    private String firstLine;
    private Result result = Result.INCOMPLETE;
    private int status;
    private String fault = "";

    private HeadReader(Predicate<String> isFirstLine) {
        this.isFirstLine = isFirstLine;
    }

    static HeadReader ofRequest() {
        return new HeadReader(HeadReader::isRequestLine);
    }

    static HeadReader ofResponse() {
        return new HeadReader(line -> line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?"));
    }

    /** Reads up to the end of the head, or to the byte that cannot be right, and leaves in {@code input} what follows it. */
    Result read(ByteBuf input) {
        while (result == Result.INCOMPLETE && input.isReadable()) {
            int beforeLineFeed = input.bytesBefore((byte) '\n');
            int bytes = beforeLineFeed < 0 ? input.readableBytes() : beforeLineFeed + 1;
            int room = lineStart + MAX_LINE_BYTES + (sawReturn ? 2 : 1) - heldEnd;
            int added = Math.min(bytes, room);
            hold(input, added);
            int clean = clean(heldEnd - added);
            if (clean < heldEnd) {
                input.readerIndex(input.readerIndex() - (heldEnd - clean - 1));
            } else if (beforeLineFeed >= 0 && added == bytes) {
                endLine();
            } else if (!sawReturn && added == room) {
                refuse(firstLine == null ? 414 : 431, firstLine == null ? "the request line is too long" : "a header is too long");
            }
        }
        return result;
    }

    private void hold(ByteBuf input, int bytes) {
        if (heldEnd + bytes > held.length) {
            held = Arrays.copyOf(held, Math.max(USUAL_BYTES, Math.max(2 * held.length, heldEnd + bytes)));
        }
        input.readBytes(held, heldEnd, bytes);
        heldEnd += bytes;
    }

    /** Whether a first byte has come. */
    boolean hasBegun() {
        return heldEnd > 0 || firstLine != null || sawReturn;
    }

    /** What was kept of the head so far. */
    long heldBytes() {
        return held.length + (firstLine == null ? 0 : firstLine.length());
    }

    /** With REFUSED: the status to answer with. */
    int status() {
        return status;
    }

    /** With REFUSED: a sentence for people. */
    String fault() {
        return fault;
    }

    /** With COMPLETE: the request. */
    OpeningRequest request() {
        int first = firstLine.indexOf(' ');
        int last = firstLine.lastIndexOf(' ');
        return new OpeningRequest(firstLine.substring(0, first), firstLine.substring(first + 1, last), firstLine.substring(last + 1), headers());
    }

    /** With COMPLETE: the response without a body. */
    OpeningResponse response() {
        return new OpeningResponse(Integer.parseInt(firstLine.substring(9, 12)), headers(), "");
    }

    /** RFC 9112 §3: token SP visible characters SP version. */
    private static boolean isRequestLine(String line) {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        return isToken(line, Math.max(first, 0))
                && last > first + 1
                && isVisible(line, first + 1, last)
                && isVersion(line, last + 1);
    }

    /** Looks at what was added; all but one in a hundred bytes take the first branch. @return where the byte is that may not stand there */
    private int clean(int from) {
        for (int i = from; i < heldEnd; i++) {
            byte b = held[i];
            boolean isPlain = b >= ' ' && b != 0x7f || b < 0;
            if ((!isPlain || sawReturn) && !mayStand(b)) {
                return i;
            }
        }
        return heldEnd;
    }

    /** Whether a byte may stand where it does, if it is a control character, or behind a CR. */
    private boolean mayStand(byte b) {
        if (b == '\n') {
            return sawReturn || refuse(400, "a line must end with CR LF");
        }
        if (sawReturn) {
            return refuse(400, "a CR must be followed by LF");
        }
        sawReturn = b == '\r';
        return sawReturn || b == '\t' || refuse(400, "a control character in the head");
    }

    /** CR and LF stand at the end of what is held. */
    private void endLine() {
        int lineBytes = heldEnd - 2 - lineStart;
        sawReturn = false;
        if (lineBytes == 0) {
            heldEnd = lineStart;
            endEmptyLine();
        } else if (firstLine == null) {
            heldEnd = 0;
            endFirstLine(lineBytes);
        } else {
            headerBytes += lineBytes + 2;
            addField(lineStart + lineBytes);
        }
    }

    /** Judged at once: whoever speaks another protocol waits for an answer, and would get none before the deadline. */
    private void endFirstLine(int lineBytes) {
        firstLine = text(lineBytes);
        if (!isFirstLine.test(firstLine)) {
            refuse(400, "the first line is not one of HTTP/1.1");
        }
    }

    private void endEmptyLine() {
        if (firstLine != null) {
            result = Result.COMPLETE;
        } else if (sawEmptyLine) {
            refuse(400, "empty lines before the request line");
        }
        // One is tolerated (RFC 9112 §2.2).
        sawEmptyLine = true;
    }

    private void addField(int lineEnd) {
        int colon = lineStart;
        while (IS_TOKEN[held[colon] & 0xff]) {
            colon++; // the line's CR, at the latest, is none
        }
        if (colon == lineStart || held[colon] != ':') {
            refuse(400, "a malformed header");
        } else if (headerBytes > MAX_HEADER_BYTES || headers == MAX_HEADERS) {
            refuse(431, "too many headers");
        } else {
            headers++;
            keepValue(colon + 1, lineEnd);
        }
    }

    /** The field's value without the blanks around it (RFC 9112 §5), right behind the colon. */
    private void keepValue(int from, int lineEnd) {
        int start = from;
        int end = lineEnd;
        while (start < end && isBlank(held[start])) {
            start++;
        }
        while (end > start && isBlank(held[end - 1])) {
            end--;
        }
        System.arraycopy(held, start, held, from, end - start);
        heldEnd = from + end - start;
        held[heldEnd++] = '\n';
        lineStart = heldEnd;
    }

    private Headers headers() {
        return Headers.ofLines(text(heldEnd));
    }

    private String text(int end) {
        return new String(held, 0, end, StandardCharsets.ISO_8859_1);
    }

    private boolean refuse(int withStatus, String why) {
        result = Result.REFUSED;
        status = withStatus;
        fault = why;
        return false;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isVisible(String s, int from, int to) {
        for (int i = from; i < to; i++) {
            if (s.charAt(i) <= ' ' || s.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** HTTP-version = HTTP-name "/" DIGIT "." DIGIT */
    private static boolean isVersion(String s, int at) {
        return s.length() == at + 8 && s.startsWith("HTTP/", at) && isDigit(s.charAt(at + 5)) && s.charAt(at + 6) == '.' && isDigit(s.charAt(at + 7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether the first {@code length} characters are a token (RFC 9110 §5.6.2). */
    private static boolean isToken(String s, int length) {
        for (int i = 0; i < length; i++) {
            if (!IS_TOKEN[s.charAt(i)]) {
                return false;
            }
        }
        return length > 0;
    }
}
