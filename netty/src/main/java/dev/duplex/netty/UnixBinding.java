package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** A Unix domain socket: a file, or on Linux a name without one. */
final class UnixBinding implements Binding {
    private final String path;
    private final Set<PosixFilePermission> mode;
    private Object fileKey;

    /**
     * @param path of the file; {@code @name} for Linux's abstract namespace
     * @param mode who may connect, by the file's permissions
     */
    UnixBinding(String path, Set<PosixFilePermission> mode) {
        this.path = path;
        this.mode = mode;
    }

    @Override
    public Channel listen(ServerBootstrap bootstrap, EventLoops loops) {
        try {
            if (!UnixSockets.isAbstract(path)) {
                makeRoom(Path.of(path));
            }
            ChannelFuture bound = bootstrap.channel(UnixSockets.serverChannelType(loops.transport()))
                    .bind(UnixSockets.address(loops.transport(), path)).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new StartException(whyNot(bound.cause()), bound.cause());
            }
            if (!UnixSockets.isAbstract(path)) {
                protect(Path.of(path));
            }
            return bound.channel();
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    /** What a server left behind that was killed is removed; what someone listens on, or is no socket, is not. */
    private void makeRoom(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!isSocket(file)) {
                throw new StartException(file + " exists and is no socket", null);
            }
            if (isListenedOn(file)) {
                throw new StartException("unix:" + path + " is in use", null);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new StartException("unix:" + path + " cannot be listened on: " + e.getMessage(), e);
        }
    }

    /** By the type in the file's mode (S_IFSOCK of S_IFMT in stat(2)); where there is no such mode, pipes and devices pass as well. */
    private static boolean isSocket(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return ((int) Files.getAttribute(file, "unix:mode") & 0170000) == 0140000;
        }
        return Files.readAttributes(file, BasicFileAttributes.class).isOther();
    }

    /** Asks without waiting: a server whose queue of connections is full is one. */
    private static boolean isListenedOn(Path file) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(file));
            return true;
        } catch (IOException e) {
            String told = String.valueOf(e.getMessage());
            if (told.contains("refused") || told.contains("unavailable")) {
                return told.contains("unavailable");
            }
            throw e;
        }
    }

    private void protect(Path file) {
        try {
            fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            Files.setPosixFilePermissions(file, mode);
        } catch (UnsupportedOperationException noPosix) {
            return; // elsewhere the directory's permissions have to do
        } catch (IOException e) {
            throw new StartException("unix:" + path + " cannot be given its mode: " + e.getMessage(), e);
        }
    }

    private String whyNot(Throwable cause) {
        String told = Failures.told(cause);
        return "unix:" + path + (told.contains("in use") ? " is in use" : " cannot be listened on: " + told);
    }

    @Override
    public List<String> addresses(Channel acceptor, boolean isSecure) {
        return List.of("unix:" + path);
    }

    /** Only Netty's native sockets take their file with them. By now another server may have put its own in the place. */
    @Override
    public void ended() {
        try {
            if (fileKey != null && fileKey.equals(Files.readAttributes(Path.of(path), BasicFileAttributes.class).fileKey())) {
                Files.delete(Path.of(path));
            }
        } catch (IOException gone) {
            return;
        }
    }
}
