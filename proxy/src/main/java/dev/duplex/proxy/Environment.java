package dev.duplex.proxy;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The proxies that an environment's variables name; this machine itself is reached without, as other programs do. */
record Environment(Map<String, String> variables) implements Proxies {
    private static final Exempt LOOPBACK = Exempt.parse("localhost,127.0.0.0/8,::1");

    @Override
    public Optional<Proxy> towards(URI target) {
        Exempt exempt = Exempt.parse(value("no_proxy").orElse(""));
        if (LOOPBACK.contains(target) || exempt.contains(target)) {
            return Optional.empty();
        }
        boolean isSecure = "wss".equalsIgnoreCase(target.getScheme());
        for (String name : List.of(isSecure ? "wss_proxy" : "ws_proxy", isSecure ? "https_proxy" : "http_proxy", "all_proxy")) {
            Optional<String> value = value(name);
            if (value.isPresent()) {
                return value.filter(text -> !text.isBlank()).map(text -> parsed(name, text));
            }
        }
        return Optional.empty();
    }

    private Optional<String> value(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        // A request's header "Proxy" becomes HTTP_PROXY in a CGI program.
        boolean isForged = upper.equals("HTTP_PROXY") && variables.containsKey("REQUEST_METHOD");
        return Optional.ofNullable(variables.getOrDefault(name, isForged ? null : variables.get(upper)));
    }

    private static Proxy parsed(String name, String text) {
        try {
            return Proxy.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the variable " + name + ": " + e.getMessage(), e);
        }
    }
}
