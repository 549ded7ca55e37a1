package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

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
            UnixSockets.address(loops.transport(), path);
            if (UnixSockets.isAbstract(path)) {
                return bind(bootstrap, loops, path);
            }
            Path file = Path.of(path).toAbsolutePath();
            makeRoom(file);
            return listenAt(file, bootstrap, loops);
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    /** In a directory that nobody else may enter the socket gets its mode, and then its name: there is no moment of wider access. */
    private Channel listenAt(Path file, ServerBootstrap bootstrap, EventLoops loops) {
        Path closet = file.resolveSibling("." + Integer.toHexString(ThreadLocalRandom.current().nextInt()));
        Path hidden = closet.resolve("s");
        if (!UnixSockets.isShort(hidden.toString())) {
            return protect(file, bind(bootstrap, loops, file.toString()));
        }
        try {
            Files.createDirectory(closet, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return named(hidden, file, protect(hidden, bind(bootstrap, loops, hidden.toString())));
            } finally {
                Files.deleteIfExists(hidden);
                Files.delete(closet);
            }
        } catch (FileAlreadyExistsException another) {
            throw new StartException("unix:" + path + " is in use", another);
        } catch (UnsupportedOperationException noPosix) {
            return protect(file, bind(bootstrap, loops, file.toString()));
        } catch (IOException e) {
            throw new StartException("unix:" + path + " cannot be listened on: " + why(e), e);
        }
    }

    private static Channel named(Path hidden, Path file, Channel acceptor) throws IOException {
        try {
            name(hidden, file);
            return acceptor;
        } catch (IOException nobodyCanReachIt) {
            acceptor.close();
            throw nobodyCanReachIt;
        }
    }

    /** A link, unlike a move, fails for sure where another server has been quicker. */
    private static void name(Path hidden, Path file) throws IOException {
        try {
            Files.createLink(file, hidden);
        } catch (FileAlreadyExistsException another) {
            throw another;
        } catch (IOException | UnsupportedOperationException noLinksHere) {
            Files.move(hidden, file);
        }
    }

    /** Some exceptions of files have nothing but the path for a message. */
    private static String why(IOException failure) {
        return failure instanceof NoSuchFileException ? "No such file or directory"
                : failure instanceof AccessDeniedException ? "Permission denied" : Failures.told(failure);
    }

    private Channel bind(ServerBootstrap bootstrap, EventLoops loops, String at) {
        ChannelFuture bound = bootstrap.channel(UnixSockets.serverChannelType(loops.transport()))
                .bind(UnixSockets.address(loops.transport(), at)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartException(whyNot(bound.cause()), bound.cause());
        }
        return bound.channel();
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
            throw new StartException("unix:" + path + " cannot be listened on: " + why(e), e);
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

    private Channel protect(Path file, Channel acceptor) {
        try {
            fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            Files.setPosixFilePermissions(file, mode);
            return acceptor;
        } catch (UnsupportedOperationException noPosix) {
            return acceptor; // elsewhere the directory's permissions have to do
        } catch (IOException e) {
            throw new StartException("unix:" + path + " cannot be given its mode: " + Failures.told(e), e);
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

    /** By now another server may have put its own in the place. */
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
