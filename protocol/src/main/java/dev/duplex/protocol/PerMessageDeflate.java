package dev.duplex.protocol;

/** The negotiated compression of one connection (RFC 7692). */
public final class PerMessageDeflate {
    /** Compression for one connection; {@link #release} must be called at its end. */
    public static PerMessageDeflate of(Role role, DeflateParameters parameters, DeflateOptions options) {
        return new PerMessageDeflate();
    }

    private PerMessageDeflate() {}
}
