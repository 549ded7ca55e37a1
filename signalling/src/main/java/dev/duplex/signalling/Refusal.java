package dev.duplex.signalling;

/** A message that is not done: why, and what it was about. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final Fault fault;
    private final String about;

    /** @param about the refused message's type; null if it has none that is known */
    Refusal(Fault fault, String about) {
        super(fault.sentence(), null, false, false);
        this.fault = fault;
        this.about = about;
    }

    Fault fault() {
        return fault;
    }

    /** The message that tells it to who sent the refused one. */
    String json() {
        Json json = Json.of(ServerType.ERROR).with("code", fault.code()).with("message", fault.sentence());
        return (about == null ? json : json.with("about", about)).toString();
    }
}
