package dev.duplex.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a handshake agreed on compression (RFC 7692 §7.1).
 *
 * @param on whether permessage-deflate is in use
 */
record Terms(boolean on, boolean clientTakeover, boolean serverTakeover, int clientBits, int serverBits) {
    static final Terms NONE = new Terms(false, true, true, 15, 15);
    static final String NAME = "permessage-deflate";
    static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
    static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
    static final String CLIENT_BITS = "client_max_window_bits";
    static final String SERVER_BITS = "server_max_window_bits";

    /** One element of a Sec-WebSocket-Extensions value: the name and its parameters. */
    record Element(String name, Map<String, String> parameters, String fault) {
        boolean has(String parameter) {
            return parameters.containsKey(parameter);
        }
    }

    static List<Element> elements(String value) {
        List<Element> elements = new ArrayList<>();
        for (String element : value.split(",")) {
            String[] parts = element.split(";");
            Map<String, String> parameters = new LinkedHashMap<>();
            String fault = "";
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].strip().split("=", 2);
                String given = pair.length < 2 ? "" : pair[1].strip().replaceAll("^\"(.*)\"$", "$1");
                if (parameters.put(pair[0].strip(), given) != null) {
                    fault = "the parameter " + pair[0].strip() + " twice";
                }
            }
            if (!element.isBlank()) {
                elements.add(new Element(parts[0].strip(), parameters, fault));
            }
        }
        return elements;
    }

    /**
     * What a server's answer agrees to, or the rule that it breaks.
     *
     * @param omitting whether the answer may leave out what the offer asked of the server: RFC 7692 §7.1 forbids it, but some
     *     peers do it, and what they then send is still worth judging
     */
    static Terms agreed(String offer, String answer, boolean omitting) throws HandshakeFault {
        List<Element> answers = elements(answer);
        if (answers.isEmpty()) {
            return NONE;
        }
        Element reply = answers.get(0);
        if (answers.size() > 1 || !reply.name.equals(NAME)) {
            throw new HandshakeFault("the answer names an extension that was not offered: " + answer);
        }
        String fault = unsound(reply);
        for (Element offered : elements(offer)) {
            if (fault.isEmpty() && unsound(offered).isEmpty()) {
                fault = misfit(offered, reply, omitting);
                if (fault.isEmpty()) {
                    return of(reply);
                }
                fault = elements(offer).size() == 1 ? fault : "";
            }
        }
        throw new HandshakeFault(fault.isEmpty() ? "the answer '" + answer + "' fits no offer of '" + offer + "'" : fault);
    }

    private static Terms of(Element reply) {
        return new Terms(true, !reply.has(CLIENT_NO_TAKEOVER), !reply.has(SERVER_NO_TAKEOVER), bits(reply, CLIENT_BITS), bits(reply, SERVER_BITS));
    }

    private static int bits(Element element, String parameter) {
        String value = element.parameters.getOrDefault(parameter, "");
        return value.isEmpty() ? 15 : Integer.parseInt(value);
    }

    /** The rule of RFC 7692 §7.1 that an element breaks by itself; empty when none. */
    static String unsound(Element element) {
        for (Map.Entry<String, String> parameter : element.parameters.entrySet()) {
            String value = parameter.getValue();
            boolean right = switch (parameter.getKey()) {
                case CLIENT_NO_TAKEOVER, SERVER_NO_TAKEOVER -> value.isEmpty();
                case CLIENT_BITS -> value.isEmpty() || value.matches("[89]|1[0-5]");
                case SERVER_BITS -> value.matches("[89]|1[0-5]");
                default -> false;
            };
            if (!right) {
                return "the parameter '" + parameter.getKey() + (value.isEmpty() ? "" : "=" + value) + "' is not one of RFC 7692 §7.1";
            }
        }
        return element.fault;
    }

    private static String misfit(Element offered, Element reply, boolean omitting) {
        if (!omitting && offered.has(SERVER_NO_TAKEOVER) && !reply.has(SERVER_NO_TAKEOVER)) {
            return "server_no_context_takeover was offered and is missing in the answer (RFC 7692 §7.1.1.1)";
        }
        if (!omitting && offered.has(SERVER_BITS) && !reply.has(SERVER_BITS)) {
            return "server_max_window_bits=" + offered.parameters.get(SERVER_BITS) + " was offered and is missing in the answer (RFC 7692 §7.1.2.1)";
        }
        if (offered.has(SERVER_BITS) && reply.has(SERVER_BITS) && bits(reply, SERVER_BITS) > bits(offered, SERVER_BITS)) {
            return "server_max_window_bits in the answer is larger than the offered " + bits(offered, SERVER_BITS) + " (RFC 7692 §7.1.2.1)";
        }
        if (reply.has(CLIENT_BITS) && (!offered.has(CLIENT_BITS) || reply.parameters.get(CLIENT_BITS).isEmpty() || bits(reply, CLIENT_BITS) > bits(offered, CLIENT_BITS))) {
            return "client_max_window_bits in the answer does not fit the offer (RFC 7692 §7.1.2.2)";
        }
        return "";
    }

    /** The answer of the checker as server to a client's offer, if one of the demands can be met. */
    static Optional<String> answer(String offer, List<String> demands) {
        for (String demand : demands) {
            Element wanted = elements(demand.equals("any") ? NAME : NAME + "; " + demand).get(0);
            for (Element offered : elements(offer)) {
                boolean fits = offered.name.equals(NAME) && unsound(offered).isEmpty() && (!wanted.has(CLIENT_BITS) || offered.has(CLIENT_BITS));
                if (fits) {
                    return Optional.of(answer(offered, wanted));
                }
            }
        }
        return Optional.empty();
    }

    private static String answer(Element offered, Element wanted) {
        Map<String, String> reply = new LinkedHashMap<>(wanted.parameters);
        if (offered.has(SERVER_NO_TAKEOVER)) {
            reply.put(SERVER_NO_TAKEOVER, "");
        }
        if (offered.has(SERVER_BITS)) {
            reply.put(SERVER_BITS, offered.parameters.get(SERVER_BITS));
        }
        if (offered.has(CLIENT_BITS) && wanted.has(CLIENT_BITS)) {
            reply.put(CLIENT_BITS, String.valueOf(Math.min(bits(offered, CLIENT_BITS), bits(wanted, CLIENT_BITS))));
        }
        StringBuilder text = new StringBuilder(NAME);
        reply.forEach((name, value) -> text.append("; ").append(name).append(value.isEmpty() ? "" : "=" + value));
        return text.toString();
    }
}
