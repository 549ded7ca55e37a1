package dev.duplex.cli;

/** The first line of an HTTP answer, as people know it. */
final class StatusLine {
    private StatusLine() {}

    static String of(int status) {
        String phrase = switch (status) {
            case 101 -> "Switching Protocols";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 426 -> "Upgrade Required";
            case 503 -> "Service Unavailable";
            default -> "";
        };
        return ("HTTP/1.1 " + status + " " + phrase).strip();
    }
}
