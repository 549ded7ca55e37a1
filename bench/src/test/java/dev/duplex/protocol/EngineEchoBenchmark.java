package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message from a client's engine through a server's and back, without any transport: all that the protocol itself costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineEchoBenchmark {
    private static final int HEADER_ROOM_BYTES = 64;

    @Param({"125", "16384", "1048576"})
    int bytes;

    @Param({"true", "false"})
    boolean isText;

    private Message message;
    private ByteBuffer frame;
    private ByteBuffer toClient;
    private WebSocketProtocol client;
    private WebSocketProtocol server;
    private ByteBuffer toServer;

    @Setup
    public void open() {
        message = isText ? Message.text("x".repeat(bytes)) : Message.binary(new byte[bytes]);
        toServer = ByteBuffer.allocateDirect(bytes + HEADER_ROOM_BYTES);
        toClient = ByteBuffer.allocateDirect(bytes + HEADER_ROOM_BYTES);
        client = new WebSocketProtocol(Role.CLIENT, Limits.defaults(), null, room -> take(toServer, room));
        server = new WebSocketProtocol(Role.SERVER, Limits.defaults(), null, room -> take(toClient, room));
        client.send(message);
        frame = toServer.duplicate().flip();
        toServer = ByteBuffer.allocateDirect(bytes + HEADER_ROOM_BYTES);
    }

    private static ByteBuffer take(ByteBuffer from, int room) {
        ByteBuffer taken = from.slice(from.position(), room);
        from.position(from.position() + room);
        return taken;
    }

    /** The server's part alone: one frame in, the echo out. */
    @Benchmark
    public ByteBuffer server() {
        toClient.clear();
        frame.rewind();
        echo(frame);
        return toClient;
    }

    /** Both engines: masked by the client, unmasked and echoed by the server, read by the client. */
    @Benchmark
    public Event roundTrip() {
        toServer.clear();
        toClient.clear();
        client.send(message);
        echo(toServer.flip());
        client.receive(toClient.flip(), 0);
        Event echoed = client.next();
        if (client.next() != null) {
            throw new IllegalStateException("more came back than was sent");
        }
        return echoed;
    }

    private void echo(ByteBuffer in) {
        server.receive(in, 0);
        for (Event event = server.next(); event != null; event = server.next()) {
            server.send((Message) event);
        }
    }
}
