package dev.duplex.cli;

import dev.duplex.protocol.OpeningRequest;

/** The first line of an HTTP answer, as people know it. */
final class StatusLine {
    private StatusLine() {}

    /** HTTP/2 has no phrases. */
    static String of(OpeningRequest request, int status) {
        return request.isHttp2() ? "HTTP/2 " + status : of(status);
    }

    private static String of(int status) {
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
