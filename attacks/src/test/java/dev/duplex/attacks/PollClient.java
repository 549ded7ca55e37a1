package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens sessions over plain HTTP at an attacked server, of its own kind or of Engine.IO's, and knows what the owner of each shows. */
final class PollClient {
    static final String OCTETS = "Content-Type: application/octet-stream\r\n";
    static final String LIVE = "/engine.io/?EIO=4&transport=polling";

    private final AttackedServer target;
    private final Map<String, String> opened = new LinkedHashMap<>();

    PollClient(AttackedServer target) {
        this.target = target;
    }

    String request(String method, String path, String headers, String body) throws IOException {
        String length = method.equals("POST") ? "Content-Length: " + body.length() + "\r\n" : "";
        return target.ask(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + length + "\r\n" + body);
    }

    String get(String path) throws IOException {
        return request("GET", path, "", "");
    }

    static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** @return the path with the session in it */
    String open(String path, String headers) throws IOException {
        String answer = request("POST", path + "?duplex=open&duplex-as=long", headers, "");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        return own(body(answer), path, headers);
    }

    /** The same of Engine.IO's. */
    String openLive(String headers) throws IOException {
        return own(body(request("GET", LIVE, headers, "")), LIVE, headers);
    }

    /** Takes a session over whose opening told this. @return the path with the session in it */
    String own(String told, String path, String headers) {
        String session = path + (isLive(path) ? "&sid=" + id(told) : "?duplex=" + told.lines().findFirst().orElseThrow());
        opened.put(session, headers);
        return session;
    }

    private static boolean isLive(String path) {
        return path.contains("EIO=4");
    }

    private static String id(String told) {
        assertThat(told).startsWith("0{\"sid\":\"");
        return told.substring(9, 31);
    }

    /** What still lives ends as its owner would end it. */
    void leave() throws IOException {
        for (Map.Entry<String, String> session : opened.entrySet()) {
            String path = session.getKey() + (isLive(session.getKey()) ? "" : "&duplex-at=0&duplex-ack=0&duplex-end=1");
            request("POST", path, session.getValue() + OCTETS, isLive(path) ? "1" : "");
        }
    }
}
