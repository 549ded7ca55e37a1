package dev.duplex.signalling;

import java.util.Objects;

/**
 * A name and a password for a TURN server, good until the time that the name begins with.
 *
 * @param username seconds since 1970 at which it expires, a colon, and whom it was made for
 * @param password base64
 */
public record TurnCredential(String username, String password) {

    /** Requires both. */
    public TurnCredential {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "TurnCredential[username=" + username + "]";
    }
}
