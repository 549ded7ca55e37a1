package dev.duplex.cli;

import java.util.List;

/** Header fields whose values are for the two ends alone, and are not shown to whoever watches. */
final class Secrets {
    private static final List<String> NAMES = List.of("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie");

    private Secrets() {}

    /** The value, or what stands for it. */
    static String shown(String name, String value) {
        return NAMES.stream().anyMatch(name::equalsIgnoreCase) ? "(not shown)" : value;
    }
}
