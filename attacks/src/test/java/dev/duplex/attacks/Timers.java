package dev.duplex.attacks;

import dev.duplex.api.Connection;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** What event loops have been told to do later. */
final class Timers {
    private final Set<Executor> loops = ConcurrentHashMap.newKeySet();

    /** From now on the loop of this connection is looked at, too. */
    void watch(Connection connection) {
        loops.add(connection.owner());
    }

    /** The number of tasks on the loop that has the most. */
    int most() {
        return loops.stream().mapToInt(loop -> CompletableFuture.supplyAsync(() -> on(loop), loop).join()).max().orElse(0);
    }

    /** Netty tells nobody else, and only the loop itself may look. */
    private static int on(Executor loop) {
        try {
            Field tasks = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
            tasks.setAccessible(true);
            return tasks.get(loop) instanceof Collection<?> some ? some.size() : 0;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
