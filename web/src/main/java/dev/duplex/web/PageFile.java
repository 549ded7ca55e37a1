package dev.duplex.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** One file of the pages. The HTML refers to the others below {@code /duplex/}. */
public enum PageFile {
    /** The page itself. */
    INDEX_HTML("text/html; charset=utf-8"),
    /** How it looks. */
    PAGE_CSS("text/css; charset=utf-8"),
    /** Connecting, sending, and the messages. */
    PAGE_JS("text/javascript; charset=utf-8"),
    /** What passes on the wire. */
    WIRE_JS("text/javascript; charset=utf-8"),
    /** The picture of a frame's header. */
    FRAME_JS("text/javascript; charset=utf-8"),
    /** A list that grows at its end. */
    LOG_JS("text/javascript; charset=utf-8"),
    /** A WebSocket that gets through: for anyone's pages. */
    DUPLEX_JS("text/javascript; charset=utf-8"),
    /** Its types, for TypeScript. */
    DUPLEX_D_TS("text/plain; charset=utf-8"),
    /** Its way over whatever gets through. */
    TUNNEL_JS("text/javascript; charset=utf-8"),
    /** A WebSocket on that way. */
    CARRYING_JS("text/javascript; charset=utf-8"),
    /** The frames that go that way. */
    FRAMING_JS("text/javascript; charset=utf-8"),
    /** The call. */
    CALL_HTML("text/html; charset=utf-8"),
    /** How the call looks beyond what every page shares. */
    CALL_CSS("text/css; charset=utf-8"),
    /** Who is in the call, and what they see, hear and write. */
    CALL_JS("text/javascript; charset=utf-8"),
    /** Camera and microphone. */
    MEDIA_JS("text/javascript; charset=utf-8"),
    /** The connection to one other browser. */
    PEER_JS("text/javascript; charset=utf-8"),
    /** The signalling socket. */
    SIGNAL_JS("text/javascript; charset=utf-8"),
    /** The signalling messages as they pass. */
    SIGNALS_JS("text/javascript; charset=utf-8"),
    /** What goes on in one connection. */
    LINK_JS("text/javascript; charset=utf-8"),
    /** Numbers over time. */
    PLOT_JS("text/javascript; charset=utf-8"),
    /** One picture. */
    TILE_JS("text/javascript; charset=utf-8"),
    /** The lab. */
    LAB_HTML("text/html; charset=utf-8"),
    /** How the lab looks beyond what every page shares. */
    LAB_CSS("text/css; charset=utf-8"),
    /** Counters and plots. */
    LAB_JS("text/javascript; charset=utf-8"),
    /** A feed over each carrier. */
    CARRIERS_JS("text/javascript; charset=utf-8"),
    /** TCP for messages, UDP for media: the lab's page about loss. */
    LOSS_HTML("text/html; charset=utf-8"),
    /** How it looks beyond the lab. */
    LOSS_CSS("text/css; charset=utf-8"),
    /** One feed over three ways, counted and plotted. */
    LOSS_JS("text/javascript; charset=utf-8"),
    /** A WebSocket and two data channels. */
    WAYS_JS("text/javascript; charset=utf-8"),
    /** The texts of the pages, in each language. */
    WORDS_JS("text/javascript; charset=utf-8"),
    /** The mark in the browser's tab. */
    ICON_SVG("image/svg+xml");

    /**
     * The {@code Content-Security-Policy} that the pages work under: nothing from elsewhere, nothing inline, no frame around it.
     */
    public static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String mediaType;

    PageFile(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The name, such as {@code page.js}. */
    public String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The {@code Content-Type}. */
    public String mediaType() {
        return mediaType;
    }

    /** The content, read anew at each call. */
    public byte[] bytes() {
        try (InputStream in = PageFile.class.getResourceAsStream(fileName())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
