package dev.duplex.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.State;
import java.util.List;

/** Any bytes as frames: the same story for every cut, one end, no more memory than the limit, and what was read can be written again. */
class FrameFuzzTest {
    private static final Limits LIMITS = Limits.defaults().withMaxMessageBytes(10_000);

    @FuzzTest(maxDuration = "60s")
    void aServerReadsAnything(FuzzedDataProvider data) {
        readsAnything(Role.SERVER, data);
    }

    @FuzzTest(maxDuration = "60s")
    void aClientReadsAnything(FuzzedDataProvider data) {
        readsAnything(Role.CLIENT, data);
    }

    @FuzzTest(maxDuration = "60s")
    void compressedFramesAreReadWhateverTheyHold(FuzzedDataProvider data) {
        DeflateParameters parameters = new DeflateParameters(data.consumeBoolean(), data.consumeBoolean(), data.consumeInt(8, 15), data.consumeInt(8, 15));
        int[] cuts = {data.consumeInt(1, 9), data.consumeInt(1, 2000)};
        byte[] payload = data.consumeRemainingAsBytes();
        // The fuzzer need not find the header: it is made, so that all it invents is compressed data.
        byte[] frames = TestFrames.masked(0xC1, payload);
        sameStory(Role.SERVER, parameters, frames, cuts);
        sameStory(Role.SERVER, parameters, TestFrames.masked(0xC2, payload), cuts);
    }

    private static void readsAnything(Role role, FuzzedDataProvider data) {
        DeflateParameters parameters = data.consumeBoolean() ? new DeflateParameters(data.consumeBoolean(), true, 15, 15) : null;
        int[] cuts = {data.consumeInt(1, 5), data.consumeInt(1, 300)};
        Engine whole = sameStory(role, parameters, data.consumeRemainingAsBytes(), cuts);
        canBeWrittenAgain(role, whole.events);
    }

    private static Engine sameStory(Role role, DeflateParameters parameters, byte[] input, int[] cuts) {
        Engine whole = engine(role, parameters).receive(input);
        byte[] answers = whole.output();
        boolean isEnding = whole.protocol.state() == State.ENDING;
        whole.end();
        Engine cut = engine(role, parameters).receiveCut(input, cuts);
        byte[] cutAnswers = cut.output();
        List<String> cutStory = cut.end().story();
        if (parameters == null) {
            if (role == Role.SERVER) {
                assertThat(cutAnswers).isEqualTo(answers);
            } else {
                assertThat(cutAnswers).hasSameSizeAs(answers); // a client's bytes differ by their masks
            }
            assertThat(cutStory).isEqualTo(whole.story());
        } else {
            assertThat(coarse(cutStory)).isEqualTo(coarse(whole.story()));
        }
        assertThat(whole.events.getLast()).isInstanceOf(Event.Closed.class);
        assertThat(whole.events.stream().filter(Event.Closed.class::isInstance)).hasSize(1);
        assertThat(whole.protocol.state()).isEqualTo(State.CLOSED);
        assertThat(isEnding || ((Event.Closed) whole.events.getLast()).reason().code() == 1006).isTrue();
        for (Event event : whole.events) {
            assertThat(event instanceof Message message && message.byteLength() > LIMITS.maxMessageBytes()).isFalse();
        }
        return whole;
    }

    /**
     * In one compressed message several things may be wrong at once: not DEFLATE, not UTF-8, too big. zlib reports the first
     * before it hands over what came ahead of it, so which of them is met first depends on the cut; that it fails does not.
     */
    private static List<String> coarse(List<String> story) {
        return story.stream().map(line -> line.matches("(1007|1009) .*") ? "the compressed message is refused" : line).toList();
    }

    /** What one end read, the other end of the same kind would have sent so. */
    private static void canBeWrittenAgain(Role reader, List<Event> events) {
        Engine writer = new Engine(reader == Role.SERVER ? Role.CLIENT : Role.SERVER, LIMITS, null);
        List<Event> messages = events.stream().filter(Message.class::isInstance).toList();
        messages.forEach(message -> writer.protocol.send((Message) message));
        assertThat(new Engine(reader, LIMITS, null).receive(writer.output()).events).isEqualTo(messages);
    }

    private static Engine engine(Role role, DeflateParameters parameters) {
        return new Engine(role, LIMITS, parameters == null ? null : PerMessageDeflate.of(role, parameters, DeflateOptions.defaults()));
    }
}
