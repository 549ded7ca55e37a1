package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
final class HeadReader implements ByteProcessor {
    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;
    static final int MAX_HEADERS = 100;

    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    /** What is known of the head so far. */
    enum Result { INCOMPLETE, COMPLETE, REFUSED }

    private final Predicate<String> isFirstLine;
    private byte[] line = new byte[256];
    private int lineBytes;
    private int headerBytes;
    private boolean sawReturn;
    private boolean sawEmptyLine;
    private String firstLine;
    private final List<String> fields = new ArrayList<>(32);
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

    /** Reads up to the end of the head, and leaves in {@code input} what follows it. */
    Result read(ByteBuf input) {
        while (result == Result.INCOMPLETE && input.isReadable()) {
            int lineFeed = input.forEachByte(this);
            input.readerIndex(lineFeed < 0 ? input.writerIndex() : lineFeed + 1);
            if (lineFeed >= 0 && result == Result.INCOMPLETE) {
                endLine();
            }
        }
        return result;
    }

    /** Whether a first byte has come. */
    boolean hasBegun() {
        return firstLine != null || lineBytes > 0 || sawReturn;
    }

    /** The line that is being read, and the strings of those before. */
    long heldBytes() {
        return line.length + 2L * headerBytes;
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

    @Override
    public boolean process(byte b) {
        if (b == '\n') {
            return sawReturn ? false : refuse(400, "a line must end with CR LF");
        }
        if (sawReturn) {
            return refuse(400, "a CR must be followed by LF");
        }
        if (b == '\r') {
            sawReturn = true;
            return true;
        }
        if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
            return refuse(400, "a control character in the head");
        }
        if (lineBytes == MAX_LINE_BYTES) {
            return firstLine == null ? refuse(414, "the request line is too long") : refuse(431, "a header is too long");
        }
        if (lineBytes == line.length) {
            line = Arrays.copyOf(line, 2 * lineBytes);
        }
        line[lineBytes++] = b;
        return true;
    }

    private void endLine() {
        sawReturn = false;
        if (lineBytes == 0) {
            endEmptyLine();
        } else if (firstLine == null) {
            endFirstLine();
        } else {
            headerBytes += lineBytes + 2;
            addField();
        }
        lineBytes = 0;
    }

    /** Judged at once: whoever speaks another protocol waits for an answer, and would get none before the deadline. */
    private void endFirstLine() {
        firstLine = text(0, lineBytes);
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

    private void addField() {
        int colon = 0;
        while (colon < lineBytes && line[colon] != ':') {
            colon++;
        }
        String name = text(0, colon);
        if (colon == lineBytes || !isToken(name, colon)) {
            refuse(400, "a malformed header");
        } else if (headerBytes > MAX_HEADER_BYTES || fields.size() == 2 * MAX_HEADERS) {
            refuse(431, "too many headers");
        } else {
            fields.add(name);
            fields.add(value(colon + 1));
        }
    }

    /** The field's value without the blanks around it (RFC 9112 §5). */
    private String value(int from) {
        int start = from;
        int end = lineBytes;
        while (start < end && isBlank(line[start])) {
            start++;
        }
        while (end > start && isBlank(line[end - 1])) {
            end--;
        }
        return text(start, end);
    }

    private Headers headers() {
        return Headers.of(fields.toArray(String[]::new));
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
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
            char c = s.charAt(i);
            boolean isAlphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isAlphanumeric && TOKEN_SYMBOLS.indexOf(c) < 0) {
                return false;
            }
        }
        return length > 0;
    }
}
