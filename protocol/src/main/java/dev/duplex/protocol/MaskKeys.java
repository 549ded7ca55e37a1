package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Fresh masking keys that no one can predict (RFC 6455 §5.3, §10.3).
 *
 * <p>Drawn 128 at a time: one call of the system's source for each frame would cost more than the frame.
 */
final class MaskKeys {
    private static final int BATCH_BYTES = 512;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ByteBuffer batch = ByteBuffer.allocate(0);

    int next() {
        if (!batch.hasRemaining()) {
            byte[] fresh = new byte[BATCH_BYTES];
            RANDOM.nextBytes(fresh);
            batch = ByteBuffer.wrap(fresh);
        }
        return batch.getInt();
    }
}
