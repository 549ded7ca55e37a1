package dev.duplex.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A group of event loops over one of the operating system's interfaces, with one {@link Pulse} for each loop. */
final class EventLoops {
    /** What all clients share that ask for no loops of their own; daemons, so that a program may end. */
    private static final class Shared {
        static final EventLoops LOOPS = new EventLoops("duplex-client", 0, IoTransport.BEST, true);
    }

    private final IoTransport transport;
    private final EventLoopGroup group;
    private final Class<? extends SocketChannel> channelType;
    private final Class<? extends ServerChannel> serverChannelType;
    private final Map<EventExecutor, Pulse> pulses = new IdentityHashMap<>();

    /** @param loops how many; 0 for one to each core */
    EventLoops(String name, int loops, IoTransport transport, boolean isDaemon) {
        IoHandlerFactory io;
        this.transport = transport == IoTransport.BEST ? best() : transport;
        switch (this.transport) {
            case EPOLL -> {
                require("epoll", Epoll.unavailabilityCause());
                io = EpollIoHandler.newFactory();
                channelType = EpollSocketChannel.class;
                serverChannelType = EpollServerSocketChannel.class;
            }
            case IO_URING -> {
                require("io_uring", IoUring.unavailabilityCause());
                io = IoUringIoHandler.newFactory();
                channelType = IoUringSocketChannel.class;
                serverChannelType = IoUringServerSocketChannel.class;
            }
            default -> {
                io = NioIoHandler.newFactory();
                channelType = NioSocketChannel.class;
                serverChannelType = NioServerSocketChannel.class;
            }
        }
        int threads = loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, isDaemon), io);
        for (EventExecutor loop : group) {
            pulses.put(loop, new Pulse((EventLoop) loop, System::nanoTime));
        }
        group.terminationFuture().addListener(ended -> pulses.values().forEach(Pulse::end));
    }

    private static void require(String what, Throwable whyNot) {
        if (whyNot != null) {
            String why = whyNot.getMessage() == null ? whyNot.toString() : whyNot.getMessage().lines().findFirst().orElse("");
            throw new IllegalArgumentException(what + " is not to be had here: " + why, whyNot);
        }
    }

    static EventLoops shared() {
        return Shared.LOOPS;
    }

    private static IoTransport best() {
        return Epoll.isAvailable() ? IoTransport.EPOLL : IoTransport.NIO;
    }

    /** What moves the bytes; never {@link IoTransport#BEST}. */
    IoTransport transport() {
        return transport;
    }

    EventLoopGroup group() {
        return group;
    }

    Class<? extends SocketChannel> channelType() {
        return channelType;
    }

    Class<? extends ServerChannel> serverChannelType() {
        return serverChannelType;
    }

    Pulse pulse(EventLoop loop) {
        return pulses.get(loop);
    }

    /** Calls for each pulse, on its loop. */
    void forEachPulse(Consumer<Pulse> action) {
        pulses.forEach((loop, pulse) -> loop.execute(() -> action.accept(pulse)));
    }

    /** Ends the loops and waits a little for their threads. */
    void end(Duration atMost) {
        group.shutdownGracefully(0, atMost.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(atMost.toMillis() + 1000);
    }

    /** Ends the loops without waiting. */
    void endSoon() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    boolean isTerminated() {
        return group.isTerminated();
    }
}
