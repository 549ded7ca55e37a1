package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Message;
import io.netty.channel.EventLoop;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Who may not send any more is told when it may, whatever other threads post at that very moment. */
class WritableTest extends ConnectionInOneThread {
    private static final Message LARGE = Message.binary(new byte[1100]);

    private final Thread loopThread = Thread.currentThread();
    /** What another thread does the next time that the loop asks where it is; null for nothing. */
    private Runnable elsewhere;

    private boolean isOnLoop() throws InterruptedException {
        if (Thread.currentThread() != loopThread) {
            return false;
        }
        if (elsewhere != null) {
            Thread other = new Thread(elsewhere);
            elsewhere = null;
            other.start();
            other.join();
        }
        return true;
    }

    private EventLoop loop() {
        return as(EventLoop.class, (proxy, method, arguments) ->
                method.getName().equals("inEventLoop") ? isOnLoop() : method.invoke(channel.eventLoop(), arguments));
    }

    private void openWithThreads() {
        EventLoop loop = loop();
        open(ConnectionOptions.STANDARD.withMarks(1000, 4000), wire -> as(Wire.class, (proxy, method, arguments) ->
                method.getName().equals("loop") ? loop : method.invoke(wire, arguments)));
    }

    private static <T> T as(Class<T> type, InvocationHandler how) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, how));
    }

    @Test
    void whoPostsWhileTheLoopFindsRoomIsToldLater() {
        openWithThreads();
        channel.isStalled = true;
        connection.send(LARGE);
        channel.runPendingTasks();
        assertThat(connection.isWritable()).isFalse();
        channel.isStalled = false;
        elsewhere = () -> connection.send(LARGE);
        channel.flush();
        channel.runPendingTasks();
        assertThat(elsewhere).as("what another thread had to do").isNull();
        assertThat(connection.isWritable()).isTrue();
        assertThat(calls).containsExactly("open", "writable");
    }

    @Test
    void whatIsPostedCountsWithWhatTheLoopSends() throws InterruptedException {
        openWithThreads();
        Thread other = new Thread(() -> connection.send(Message.binary(new byte[600])));
        other.start();
        other.join();
        connection.send(Message.binary(new byte[600]));
        assertThat(connection.isWritable()).isFalse();
        channel.runPendingTasks();
        assertThat(connection.isWritable()).isTrue();
        assertThat(calls).containsExactly("open", "writable");
    }
}
