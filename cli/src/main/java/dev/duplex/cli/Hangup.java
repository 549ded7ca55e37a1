package dev.duplex.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** SIGHUP, by which operators ask a server to read its files again; without this it would end the process. */
final class Hangup {
    private Hangup() {}

    /** From now on the signal runs an action, where the system has it. */
    static void runs(Runnable action) {
        try {
            // The JDK has no other way, and warns whoever names these classes in the source.
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Class<?> signal = Class.forName("sun.misc.Signal");
            Object handling = Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                action.run();
                return null;
            });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException | InstantiationException | InvocationTargetException without) {
            // No such signal here, or another has it: files that change are noticed all the same.
            return;
        }
    }
}
