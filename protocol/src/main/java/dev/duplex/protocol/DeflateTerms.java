package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The parameters of permessage-deflate as one offer or one answer tells them (RFC 7692 §7.1).
 *
 * @param serverMaxWindowBits if told
 * @param clientMaxWindowBits if told; 15 if an offer tells it without a value
 */
record DeflateTerms(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        OptionalInt serverMaxWindowBits,
        OptionalInt clientMaxWindowBits) {

    static final String NAME = "permessage-deflate";

    private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final int FULL_BITS = 15;

    /** RFC 7692 §7.1.2: a decimal number from 8 to 15 without leading zeroes. */
    private static final Pattern BITS = Pattern.compile("[89]|1[0-5]");

    /** What the server told with the header of its answer, and what it means. */
    record Agreement(Extension extension, DeflateParameters parameters) {}

    /** What a client with these options offers. */
    static Extension offer(DeflateOptions options) {
        List<Extension.Parameter> parameters = new ArrayList<>(4);
        addIf(!options.serverContextTakeover(), parameters, SERVER_NO_CONTEXT, null);
        addIf(!options.clientContextTakeover(), parameters, CLIENT_NO_CONTEXT, null);
        int serverBits = options.serverMaxWindowBits();
        addIf(serverBits < FULL_BITS, parameters, SERVER_BITS, String.valueOf(serverBits));
        int clientBits = options.clientMaxWindowBits();
        addIf(true, parameters, CLIENT_BITS, clientBits < FULL_BITS ? String.valueOf(clientBits) : null);
        return new Extension(NAME, parameters);
    }

    /** What a server with these options agrees to: the first offer that is right; empty if none is. */
    static Optional<Agreement> agree(List<Extension> offers, DeflateOptions options) {
        for (Extension offer : offers) {
            // RFC 7692 §7.1: an offer with an unknown, doubled or wrong parameter is declined, and the next one is tried.
            Optional<DeflateTerms> offered = offer.name().equals(NAME) ? parse(offer, true) : Optional.empty();
            if (offered.isPresent()) {
                DeflateTerms answer = offered.get().answeredWith(options);
                return Optional.of(new Agreement(answer.toExtension(), answer.parameters(FULL_BITS)));
            }
        }
        return Optional.empty();
    }

    /** The terms of an extension; empty if a parameter is unknown, doubled or has a wrong value. */
    static Optional<DeflateTerms> parse(Extension extension, boolean isOffer) {
        DeflateTerms terms = new DeflateTerms(false, false, OptionalInt.empty(), OptionalInt.empty());
        for (Extension.Parameter parameter : extension.parameters()) {
            terms = terms.with(parameter, isOffer);
            if (terms == null) {
                return Optional.empty();
            }
        }
        return Optional.of(terms);
    }

    /** These terms and one more; null if it is unknown, doubled or has a wrong value. */
    private DeflateTerms with(Extension.Parameter parameter, boolean isOffer) {
        String value = parameter.value();
        boolean isBits = value != null && BITS.matcher(value).matches();
        return switch (parameter.name()) {
            case SERVER_NO_CONTEXT -> value != null || serverNoContextTakeover
                    ? null : new DeflateTerms(true, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits);
            case CLIENT_NO_CONTEXT -> value != null || clientNoContextTakeover
                    ? null : new DeflateTerms(serverNoContextTakeover, true, serverMaxWindowBits, clientMaxWindowBits);
            case SERVER_BITS -> !isBits || serverMaxWindowBits.isPresent()
                    ? null : withBits(OptionalInt.of(Integer.parseInt(value)), clientMaxWindowBits);
            // RFC 7692 §7.1.2.2: only in an offer may it stand without a value.
            case CLIENT_BITS -> !isBits && !(isOffer && value == null) || clientMaxWindowBits.isPresent()
                    ? null : withBits(serverMaxWindowBits, OptionalInt.of(isBits ? Integer.parseInt(value) : FULL_BITS));
            default -> null;
        };
    }

    private DeflateTerms withBits(OptionalInt server, OptionalInt client) {
        return new DeflateTerms(serverNoContextTakeover, clientNoContextTakeover, server, client);
    }

    /** What a server with these options answers to this offer. */
    private DeflateTerms answeredWith(DeflateOptions options) {
        int serverBits = Math.min(serverMaxWindowBits.orElse(FULL_BITS), options.serverMaxWindowBits());
        int clientBits = Math.min(clientMaxWindowBits.orElse(FULL_BITS), options.clientMaxWindowBits());
        // RFC 7692 §7.1.2.1: what was asked must be answered; §7.1.2.2: the client's window only if the client told of it.
        boolean tellsServerBits = serverMaxWindowBits.isPresent() || serverBits < FULL_BITS;
        boolean tellsClientBits = clientMaxWindowBits.isPresent() && clientBits < FULL_BITS;
        return new DeflateTerms(
                serverNoContextTakeover || !options.serverContextTakeover(),
                clientNoContextTakeover || !options.clientContextTakeover(),
                tellsServerBits ? OptionalInt.of(serverBits) : OptionalInt.empty(),
                tellsClientBits ? OptionalInt.of(clientBits) : OptionalInt.empty());
    }

    /** Why this answer does not fit what a client with these options offered; empty if it does. */
    Optional<String> misfit(DeflateOptions offered) {
        if (!offered.serverContextTakeover() && !serverNoContextTakeover) {
            return Optional.of(SERVER_NO_CONTEXT + " was asked for and not granted (RFC 7692 §7.1.1.1)");
        }
        boolean asksServerBits = offered.serverMaxWindowBits() < FULL_BITS;
        if (asksServerBits && serverMaxWindowBits.orElse(FULL_BITS) > offered.serverMaxWindowBits()) {
            return Optional.of(SERVER_BITS + " is larger than offered (RFC 7692 §7.1.2.1)");
        }
        if (clientMaxWindowBits.orElse(0) > offered.clientMaxWindowBits()) {
            return Optional.of(CLIENT_BITS + " is larger than offered (RFC 7692 §7.1.2.2)");
        }
        return Optional.empty();
    }

    /** What this answer means to a client that offered these options, and keeps what it promised in them. */
    DeflateParameters agreedWith(DeflateOptions offered) {
        return new DeflateTerms(serverNoContextTakeover, clientNoContextTakeover || !offered.clientContextTakeover(),
                serverMaxWindowBits, clientMaxWindowBits).parameters(offered.clientMaxWindowBits());
    }

    private DeflateParameters parameters(int clientBitsIfUntold) {
        return new DeflateParameters(serverNoContextTakeover, clientNoContextTakeover,
                serverMaxWindowBits.orElse(FULL_BITS), clientMaxWindowBits.orElse(clientBitsIfUntold));
    }

    private Extension toExtension() {
        List<Extension.Parameter> parameters = new ArrayList<>(4);
        addIf(serverNoContextTakeover, parameters, SERVER_NO_CONTEXT, null);
        addIf(clientNoContextTakeover, parameters, CLIENT_NO_CONTEXT, null);
        serverMaxWindowBits.ifPresent(bits -> addIf(true, parameters, SERVER_BITS, String.valueOf(bits)));
        clientMaxWindowBits.ifPresent(bits -> addIf(true, parameters, CLIENT_BITS, String.valueOf(bits)));
        return new Extension(NAME, parameters);
    }

    private static void addIf(boolean condition, List<Extension.Parameter> parameters, String name, String value) {
        if (condition) {
            parameters.add(new Extension.Parameter(name, value));
        }
    }
}
