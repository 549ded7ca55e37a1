package dev.duplex.conformance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The rules of the opening handshake, from both sides (RFC 6455 §4). */
final class Opening {
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Opening() {}

    static String key() {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static HeadText request(Target target, Case played, String key) {
        List<String> fields = new ArrayList<>(List.of("Host: " + target.host(), "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: " + key, "Sec-WebSocket-Version: 13"));
        if (target.http2()) {
            fields = new ArrayList<>(List.of("Sec-WebSocket-Version: 13")); // RFC 8441 §5: no Upgrade, and no key
        }
        if (!played.offer().isEmpty()) {
            fields.add(EXTENSIONS + ": " + played.offer());
        }
        HeadText text = new HeadText(target.http2() ? "CONNECT " + target.path() + " HTTP/2" : "GET " + target.path() + " HTTP/1.1", fields);
        played.opening().forEach(edit -> text.edit(edit.replace("{path}", target.path()).replace("{host}", target.host()).replace("{origin}", target.origin()).replace("{key}", key)));
        return text;
    }

    /** A server that opens a WebSocket says so rightly. */
    static void checkAnswer(Target target, HttpHead reply, String key) throws HandshakeFault {
        if (!target.http2()) {
            check101(reply, key);
        } else if (reply.has("Upgrade") || reply.has("Connection")) {
            throw new HandshakeFault("the answer has fields of HTTP/1.1, Upgrade or Connection (RFC 9113 §8.2.2)");
        }
        if (reply.all("Sec-WebSocket-Protocol").size() > 1) {
            throw new HandshakeFault("Sec-WebSocket-Protocol came more than once (RFC 6455 §11.3.4)");
        }
    }

    /** A server that says 101 must say all of it (RFC 6455 §4.2.2). */
    private static void check101(HttpHead reply, String key) throws HandshakeFault {
        if (!reply.startLine().startsWith("HTTP/1.1 ")) {
            throw new HandshakeFault("the answer begins with '" + reply.startLine() + "', not with HTTP/1.1");
        }
        if (!reply.value("Upgrade").equalsIgnoreCase("websocket")) {
            throw new HandshakeFault("the answer's Upgrade is '" + reply.value("Upgrade") + "', not 'websocket' (RFC 6455 §4.2.2)");
        }
        if (!reply.hasToken("Connection", "upgrade")) {
            throw new HandshakeFault("the answer's Connection is '" + reply.value("Connection") + "', without 'Upgrade' (RFC 6455 §4.2.2)");
        }
        if (!reply.all("Sec-WebSocket-Accept").equals(List.of(accept(key)))) {
            throw new HandshakeFault("Sec-WebSocket-Accept is '" + reply.value("Sec-WebSocket-Accept") + "', not '" + accept(key) + "' (RFC 6455 §4.2.2)");
        }
    }

    /** What an answer's fields must say: {@code Name: part of the value}, or {@code -Name} for one that must be absent. */
    static void checkReply(HttpHead reply, List<String> demands) throws HandshakeFault {
        for (String demand : demands) {
            if (demand.startsWith("-")) {
                if (reply.has(demand.substring(1))) {
                    throw new HandshakeFault(demand.substring(1) + " is '" + reply.value(demand.substring(1)) + "' and must be absent");
                }
            } else if (demand.contains(":")) {
                String name = demand.substring(0, demand.indexOf(':'));
                String part = demand.substring(name.length() + 1).strip();
                if (!reply.value(name).toLowerCase().contains(part.toLowerCase())) {
                    throw new HandshakeFault(name + " is '" + reply.value(name) + "' and must say '" + part + "'");
                }
            }
        }
    }

    /** The rules of RFC 6455 §4.1 that a client's request breaks. */
    static List<String> requestFaults(HttpHead request) {
        List<String> faults = new ArrayList<>();
        must(request.startLine().matches("GET \\S+ HTTP/1\\.1"), "the request line is '" + request.startLine() + "'", faults);
        must(request.all("Host").size() == 1, "Host came " + request.all("Host").size() + " times", faults);
        must(request.hasToken("Upgrade", "websocket"), "Upgrade is '" + request.value("Upgrade") + "'", faults);
        must(request.hasToken("Connection", "upgrade"), "Connection is '" + request.value("Connection") + "'", faults);
        must(request.all("Sec-WebSocket-Version").equals(List.of("13")), "Sec-WebSocket-Version is '" + request.value("Sec-WebSocket-Version") + "'", faults);
        must(request.all("Sec-WebSocket-Key").size() == 1 && request.value("Sec-WebSocket-Key").matches("[A-Za-z0-9+/]{21}[AQgw]=="),
                "Sec-WebSocket-Key is '" + request.value("Sec-WebSocket-Key") + "', not 16 bytes in base64", faults);
        for (Terms.Element offered : Terms.elements(request.value(EXTENSIONS))) {
            String fault = offered.name().equals(Terms.NAME) ? Terms.unsound(offered) : "";
            must(fault.isEmpty(), "it offers " + fault, faults);
        }
        return faults;
    }

    private static void must(boolean right, String fault, List<String> faults) {
        if (!right) {
            faults.add(fault);
        }
    }

    static HeadText answer(HttpHead request, String extension, List<String> edits) {
        String accept = accept(request.value("Sec-WebSocket-Key"));
        List<String> fields = new ArrayList<>(List.of("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + accept));
        if (!extension.isEmpty()) {
            fields.add(EXTENSIONS + ": " + extension);
        }
        HeadText text = new HeadText("HTTP/1.1 101 Switching Protocols", fields);
        edits.forEach(edit -> text.edit(edit.replace("{accept}", accept)));
        return text;
    }
}
