package dev.duplex.peers;

import java.util.ArrayList;
import java.util.List;

/** A network of one machine: a namespace whose only interface is loopback, where the system lets us have one. */
final class Loopback {
    private static final List<String> NAMESPACE = List.of("unshare", "--map-root-user", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    private Loopback() {}

    /** The same command in a namespace of its own; as it is where there can be none. */
    static List<String> only(List<String> command) {
        List<String> inside = new ArrayList<>(NAMESPACE);
        inside.add("true");
        if (Programs.run(new ProcessBuilder(inside), "namespace") != 0) {
            return command;
        }
        inside.removeLast();
        inside.addAll(command);
        return inside;
    }
}
