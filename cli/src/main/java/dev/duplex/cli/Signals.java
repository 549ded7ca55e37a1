package dev.duplex.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The signals by which operators speak to a running command. */
final class Signals {
    private Signals() {}

    /** From now on a signal, such as {@code HUP}, runs an action instead of ending the process, where the system has it. */
    static void on(String name, Runnable action) {
        try {
            // The JDK has no other way, and warns whoever names these classes in the source.
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object handling = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                action.run();
                return null;
            });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InstantiationException | InvocationTargetException without) {
            // No such signal here, or another has it: nothing depends on one alone.
            return;
        }
    }
}
