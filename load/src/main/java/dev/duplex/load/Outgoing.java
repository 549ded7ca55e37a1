package dev.duplex.load;

import dev.duplex.protocol.Output;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What an engine wrote, until it is taken. */
final class Outgoing implements Output {
    private byte[] bytes = new byte[256];
    private int count;

    @Override
    public ByteBuffer room(int more) {
        if (count + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more));
        }
        count += more;
        return ByteBuffer.wrap(bytes, count - more, more).slice();
    }

    boolean isEmpty() {
        return count == 0;
    }

    byte[] takeBytes() {
        byte[] taken = Arrays.copyOf(bytes, count);
        count = 0;
        return taken;
    }
}
