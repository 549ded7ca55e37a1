package dev.duplex.signalling;

import dev.duplex.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a message into a {@link Signal}, or says what is wrong with it; trusts nothing and keeps nothing. */
record SignalReader(String room, RoomLimits limits) {
    /** As a browser's {@code RTCIceCandidate.toJSON} gives them; others are not passed on. */
    private static final List<String> CANDIDATE_FIELDS = List.of("candidate", "sdpMid", "sdpMLineIndex", "usernameFragment");

    Signal read(Message message) throws Refusal {
        if (!message.isText()) {
            throw new Refusal(Fault.BAD_JSON, null);
        }
        if (message.byteLength() > limits.maxMessageBytes()) {
            throw new Refusal(Fault.TOO_LARGE, null);
        }
        Map<String, Object> fields = Json.read(message.text());
        ClientType type = fields.get("type") instanceof String name ? ClientType.of(name) : null;
        if (type == null) {
            throw new Refusal(Fault.UNKNOWN_TYPE, null);
        }
        if (fields.containsKey("room") && !room.equals(fields.get("room"))) {
            throw new Refusal(Fault.FOREIGN_ROOM, type.type());
        }
        return switch (type) {
            case JOIN -> new Signal.Join(name(fields, "name", type), fields.get("token") == null ? null : text(fields, "token", type));
            case RESUME -> new Signal.Resume(text(fields, "token", type));
            case OFFER, ANSWER -> new Signal.Relayed(type, name(fields, "to", type), "sdp", text(fields, "sdp", type));
            case CANDIDATE -> new Signal.Relayed(type, name(fields, "to", type), "candidate", candidate(fields));
            case PING -> new Signal.Ping();
            case LEAVE -> new Signal.Leave();
        };
    }

    private static String name(Map<String, Object> fields, String field, ClientType type) throws Refusal {
        String name = Names.canonical(text(fields, field, type));
        if (name == null) {
            throw new Refusal(Fault.BAD_NAME, type.type());
        }
        return name;
    }

    /** JSON can escape half of a surrogate pair, which no message can carry on. */
    private static String text(Map<String, Object> fields, String field, ClientType type) throws Refusal {
        if (fields.get(field) instanceof String text && StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return text;
        }
        throw new Refusal(Fault.BAD_FIELD, type.type());
    }

    /** Null says that there are no more. */
    private Object candidate(Map<String, Object> fields) throws Refusal {
        if (!fields.containsKey("candidate")) {
            throw new Refusal(Fault.BAD_FIELD, ClientType.CANDIDATE.type());
        }
        Object given = fields.get("candidate");
        if (given == null) {
            return null;
        }
        if (!(given instanceof Map<?, ?> parts) || !(parts.get("candidate") instanceof String)) {
            throw new Refusal(Fault.BAD_FIELD, ClientType.CANDIDATE.type());
        }
        return known(parts);
    }

    private Map<String, Object> known(Map<?, ?> parts) throws Refusal {
        Map<String, Object> known = new LinkedHashMap<>();
        int bytes = 0;
        for (String field : CANDIDATE_FIELDS) {
            Object value = parts.get(field);
            boolean isIndex = field.equals("sdpMLineIndex");
            if (isIndex && value instanceof Integer index && index >= 0) {
                known.put(field, index);
            } else if (!isIndex && value instanceof String text && StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                known.put(field, text);
                bytes += text.getBytes(StandardCharsets.UTF_8).length;
            } else if (value != null) {
                throw new Refusal(Fault.BAD_FIELD, ClientType.CANDIDATE.type());
            }
        }
        if (bytes > limits.maxCandidateBytes()) {
            throw new Refusal(Fault.TOO_LARGE, ClientType.CANDIDATE.type());
        }
        return known;
    }
}
