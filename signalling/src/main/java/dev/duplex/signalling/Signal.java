package dev.duplex.signalling;

/** A message of a peer that was read and found well-formed. */
sealed interface Signal {

    /** Takes a seat; with the token of an old one that still has the name, that one goes. */
    record Join(String name, String token) implements Signal {}

    /** Takes one's own seat again after an interruption. */
    record Resume(String token) implements Signal {}

    /** Asks for a sign of life. */
    record Ping() implements Signal {}

    /** Gives up the seat. */
    record Leave() implements Signal {}

    /** An offer, an answer or a candidate, for the one peer that it names. */
    record Relayed(ClientType type, String to, String field, Object value) implements Signal {

        /** As the addressee gets it. */
        String json(String from) {
            return Json.of(ServerType.valueOf(type.name())).with("from", from).with(field, value).toString();
        }
    }
}
