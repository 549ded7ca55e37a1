package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A good client that is connected while others attack: it answers Pings, however long that lasts, and echoes when it is asked to. */
final class Bystander implements AutoCloseable {
    private final RawSocket raw;
    private final LinkedBlockingQueue<Frames.Frame> echoes = new LinkedBlockingQueue<>();

    /** @param open an open WebSocket, which it closes at the end */
    Bystander(RawSocket open) throws IOException {
        raw = open;
        raw.socket().setSoTimeout(0);
        Thread.startVirtualThread(this::read);
    }

    private void read() {
        try {
            for (Frames.Frame frame = Frames.read(raw); frame != null; frame = Frames.read(raw)) {
                if (frame.opcode() == 9) {
                    raw.say(Frames.masked(0x8A, frame.payload()));
                } else {
                    echoes.add(frame);
                }
            }
        } catch (IOException ended) {
            // Who waits for an echo gets none.
        }
    }

    /** Within a second, as {@link Promptness} has it. */
    void assertEchoes() throws Exception {
        Promptness.assertWithinASecond(this::assertEchoesInTheEnd);
    }

    /** However long that takes. */
    void assertEchoesInTheEnd() throws IOException, InterruptedException {
        raw.sayHex(AttackedServer.OK);
        Frames.Frame back = echoes.poll(Promptness.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(back).as("an echo").isNotNull();
        assertThat(HexFormat.of().formatHex(back.payload())).isEqualTo("6f6b");
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
