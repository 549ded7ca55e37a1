package dev.duplex.testkit;

/** What can happen to one way of a connection once a number of bytes has passed. */
public enum Fault {
    /** Both ways end in order: each side sees FIN. */
    CUT,
    /** Both ways end at once: each side sees RST, and what was under way may be lost. */
    RESET,
    /** This way ends with FIN; the other goes on. */
    FIN,
    /** What comes is taken and lost, as when a line is dead and nobody has been told: a half-open connection. */
    VANISH,
    /** Nothing more is taken until {@link Faults#heal}, so that the sender's window fills: a peer that stopped reading. */
    STOP_READING
}
