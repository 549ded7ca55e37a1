package dev.duplex.netty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds by its path what answers a request.
 *
 * <p>Of several routes that match, the most specific wins: from the left, a literal segment before a variable, and a variable
 * before the rest of a path.
 *
 * @param <T> what answers
 */
final class Router<T> {
    /**
     * What answers, and the parts of the path that the route's variables stand for.
     *
     * @param path the whole path, as the route has it if it has no variables: connections hold one for all of them
     * @param rest the segments below a route for everything below, joined by slashes; null for any other route
     */
    record Match<T>(T target, String path, Map<String, String> variables, String rest) {
        boolean isExact() {
            return rest == null;
        }
    }

    private record Route<T>(List<String> segments, boolean isBelow, T target) {
        boolean matches(List<String> path) {
            if (isBelow ? path.size() < segments.size() : path.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < segments.size(); i++) {
                String own = segments.get(i);
                if (isVariable(own) ? path.get(i).isEmpty() : !own.equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        Match<T> match(String whole, List<String> path) {
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                if (isVariable(segments.get(i))) {
                    variables.put(name(segments.get(i)), path.get(i));
                }
            }
            return new Match<>(target, whole, variables, isBelow ? String.join("/", path.subList(segments.size(), path.size())) : null);
        }

        /** The same for two routes that match the same paths; sorts before those of less specific ones. */
        String rank() {
            StringBuilder rank = new StringBuilder();
            for (String segment : segments) {
                rank.append(isVariable(segment) ? "/1" : "/0" + segment);
            }
            return rank.append(isBelow ? "/2" : "").toString();
        }
    }

    private final Map<String, Match<T>> literal = new HashMap<>();
    private final List<Route<T>> others = new ArrayList<>();
    private final Set<String> ranks = new HashSet<>();

    /**
     * Adds a route such as {@code /room/{name}}.
     *
     * @throws IllegalArgumentException if it is malformed or matches the same paths as another
     */
    void add(String route, T target) {
        add(route, new Route<>(segments(route), false, target));
    }

    /** Adds a route for everything below a path, the path itself included. */
    void addBelow(String route, T target) {
        String path = route.endsWith("/") ? route.substring(0, route.length() - 1) : route;
        add(route, new Route<>(path.isEmpty() ? List.of() : segments(path), true, target));
    }

    /** What answers at a canonical path. */
    Optional<Match<T>> match(String path) {
        Match<T> exact = literal.get(path);
        if (exact != null || others.isEmpty()) {
            return Optional.ofNullable(exact);
        }
        List<String> segments = List.of(path.substring(1).split("/", -1));
        for (Route<T> route : others) {
            if (route.matches(segments)) {
                return Optional.of(route.match(path, segments));
            }
        }
        return Optional.empty();
    }

    private void add(String written, Route<T> route) {
        if (!ranks.add(route.rank())) {
            throw new IllegalArgumentException("the route " + written + " matches the same paths as another");
        }
        boolean hasVariables = route.segments().stream().anyMatch(Router::isVariable);
        if (hasVariables || route.isBelow()) {
            others.add(route);
            others.sort((a, b) -> a.rank().compareTo(b.rank()));
        } else {
            literal.put(written, new Match<>(route.target(), written, Map.of(), null));
        }
    }

    private static List<String> segments(String route) {
        if (!route.startsWith("/")) {
            throw new IllegalArgumentException("a route begins with a slash: " + route);
        }
        List<String> segments = List.of(route.substring(1).split("/", -1));
        Set<String> names = new HashSet<>();
        for (String segment : segments) {
            boolean hasBrace = segment.contains("{") || segment.contains("}");
            if (hasBrace && !segment.matches("\\{[A-Za-z][A-Za-z0-9_]*}")) {
                throw new IllegalArgumentException("a variable is a whole segment such as {name}: " + route);
            }
            if (hasBrace && !names.add(segment)) {
                throw new IllegalArgumentException("two variables of the same name: " + route);
            }
        }
        return segments;
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }
}
