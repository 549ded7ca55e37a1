package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Client and server talk in one thread, without a socket. */
class TwoEndsTest {

    @Rfc(number = 7692, section = "7.2", rule = "what one end compresses the other inflates, with every parameter")
    @Test
    void randomTrafficBothWaysArrivesWholeAndInOrderWithEveryCompression() {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            DeflateParameters parameters = new DeflateParameters(random.nextBoolean(), random.nextBoolean(), 9 + random.nextInt(7), 9 + random.nextInt(7));
            boolean isDeflated = random.nextInt(3) > 0;
            End client = end(Role.CLIENT, isDeflated, parameters);
            End server = end(Role.SERVER, isDeflated, parameters);
            List<Event> toServer = exchange(random, client, server);
            List<Event> toClient = exchange(random, server, client);
            assertThat(server.events).isEqualTo(toServer);
            assertThat(client.events).isEqualTo(toClient);
            closes(random.nextBoolean() ? client : server, client, server);
        }
    }

    private static void closes(End first, End client, End server) {
        first.protocol.close(CloseReason.of(1000, "bye"));
        server.receive(client.output());
        client.receive(server.output());
        server.receive(client.output());
        assertThat(server.protocol.endsTransport()).isTrue();
        assertThat(client.protocol.state()).isEqualTo(State.ENDING);
        server.transportEnds();
        client.transportEnds();
        assertThat(((Event.Closed) server.events.getLast()).reason().isClean()).isTrue();
        assertThat(((Event.Closed) client.events.getLast()).reason().isClean()).isTrue();
    }

    private static List<Event> exchange(Random random, End from, End to) {
        List<Event> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Message message = random.nextBoolean()
                    ? Message.text("한글 text " + "ab🙂".repeat(random.nextInt(900)))
                    : Message.binary(randomBytes(random, random.nextInt(5000)));
            from.protocol.send(random.nextInt(4) == 0 ? message.uncompressed() : message);
            sent.add(message);
        }
        to.receiveCut(from.output(), 1 + random.nextInt(3000));
        return sent;
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static End end(Role role, boolean isDeflated, DeflateParameters parameters) {
        return isDeflated ? End.deflating(role, Limits.defaults(), parameters, DeflateOptions.defaults().withThresholdBytes(0)) : new End(role);
    }
}
