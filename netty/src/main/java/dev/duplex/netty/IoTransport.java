package dev.duplex.netty;

/** Which of the operating system's interfaces moves the bytes. */
public enum IoTransport {
    /** epoll where it loads, NIO elsewhere. */
    BEST,
    /** Linux epoll. */
    EPOLL,
    /** Linux io_uring. */
    IO_URING,
    /** Java NIO: everywhere. */
    NIO
}
