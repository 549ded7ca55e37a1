package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Group C: what compressed data may do, at the engine and at a server. */
class CompressionRowsTest {
    private static final int LIMIT = 1 << 20;
    private static final DeflateParameters NO_CONTEXT = new DeflateParameters(true, true, 15, 15);
    private static final DeflateParameters CONTEXT = new DeflateParameters(false, false, 15, 15);

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.deflate(DeflateOptions.defaults())
            .pings(Duration.ZERO, Duration.ZERO)); // a long run takes longer than a Ping is awaited

    private static Engine deflating(Role role, DeflateParameters parameters) {
        DeflateOptions options = DeflateOptions.defaults().withThresholdBytes(0);
        return new Engine(role, Limits.defaults(), PerMessageDeflate.of(role, parameters, options));
    }

    private RawSocket open() throws IOException {
        RawSocket raw = target.connect();
        assertThat(raw.say(RawSocket.opening("/echo", "Sec-WebSocket-Extensions: permessage-deflate\r\n")).head())
                .contains("Sec-WebSocket-Extensions: permessage-deflate");
        return raw;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C1")
    void c1ABombStopsAtTheLimit(Role role) {
        byte[] bomb = Frames.to(role, 0xC2, Bomb.zeros(64));
        assertThat(bomb.length).isLessThan(70_000);
        Engine engine = deflating(role, NO_CONTEXT);
        // All that is allocated from the first byte on, the steps of the bomb itself among it: what is held at once is less.
        assertThat(Engine.allocatedBytes(() -> engine.receive(bomb))).isLessThan(LIMIT + 3 * 64L * 1024);
        assertThat(engine.failure()).isEqualTo(1009);
        assertThat(engine.events).isEmpty();
    }

    @Test
    @Load
    @Row("C1")
    void c1ABombForAServerIs1009() throws Exception {
        byte[] bomb = Frames.masked(0xC2, Bomb.zeros(64));
        for (int i = 0; i < 20; i++) {
            try (RawSocket raw = open().say(bomb)) {
                assertThat(Frames.closeCode(raw)).isEqualTo(1009);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Load
    @Row("C2")
    void c2WhatFragmentsInflateToIsCountedTogether(Role role) {
        byte[] bomb = Bomb.zeros(64);
        Engine engine = deflating(role, NO_CONTEXT);
        int step = bomb.length / 1000;
        int sent = 0;
        for (; sent < 1000 && engine.failure() == 0; sent++) {
            engine.frame(sent == 0 ? 0x42 : 0x00, Arrays.copyOfRange(bomb, sent * step, (sent + 1) * step));
        }
        assertThat(engine.failure()).isEqualTo(1009);
        assertThat(sent).as("a 64th of them is the limit").isBetween(10, 20);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C3")
    void c3EveryPathHasTheSameLimit(Role role) {
        for (int size : new int[] {LIMIT, LIMIT + 1}) {
            byte[] message = new byte[size];
            byte[] deflated = Bomb.deflate(message);
            for (int opcode : new int[] {1, 2}) {
                int half = size / 2;
                List<Engine> paths = List.of(
                        deflating(role, NO_CONTEXT).frame(0x80 | opcode, message),
                        deflating(role, CONTEXT).frame(0xC0 | opcode, deflated),
                        deflating(role, NO_CONTEXT).frame(opcode, Arrays.copyOf(message, half)).frame(0x80, Arrays.copyOf(message, size - half)),
                        deflating(role, NO_CONTEXT).frame(0x40 | opcode, Arrays.copyOf(deflated, 20))
                                .frame(0x80, Arrays.copyOfRange(deflated, 20, deflated.length)));
                for (Engine engine : paths) {
                    assertThat(engine.failure()).isEqualTo(size > LIMIT ? 1009 : 0);
                    assertThat(engine.events).hasSize(size > LIMIT ? 0 : 1);
                }
            }
        }
    }

    @Test
    @Row("C4")
    void c4NoLimitIsWithoutEnd() {
        for (int endless : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Limits.defaults().withMaxMessageBytes(endless)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(deflating(Role.SERVER, NO_CONTEXT).frame(0xC2, Bomb.zeros(2)).failure()).as("by default").isEqualTo(1009);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C5")
    void c5EverySizeComesByteByByteAsItWas(Role role) {
        Random random = new Random(5);
        for (int size = 0; size <= 70_000; size += size < 300 ? 1 : 997) {
            byte[] message = new byte[size];
            random.nextBytes(message);
            Arrays.fill(message, 0, size / 2, (byte) 'a');
            byte[] deflated = size == 0 ? new byte[1] : Bomb.deflate(message);
            for (int piece : new int[] {1 + random.nextInt(50), 512, 16 * 1024, 1 << 20}) {
                Engine engine = deflating(role, NO_CONTEXT).receiveCut(Frames.to(role, 0xC2, deflated), piece);
                assertThat(engine.events).hasSize(1);
                assertThat(Arrays.equals(((Message) engine.events.getFirst()).bytes(), message)).as("%d bytes by %d", size, piece).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C5")
    void c5BrokenDataIs1007(Role role) {
        byte[] right = Bomb.deflate("a message that is compressed, compressed, compressed".getBytes());
        assertThat(deflating(role, NO_CONTEXT).frame(0xC2, (byte) 0x07).failure()).as("block type 3").isEqualTo(1007);
        assertThat(deflating(role, NO_CONTEXT).frame(0xC2, Frames.hex("00 0500 0000 6162636465")).failure()).as("a stored length").isEqualTo(1007);
        for (int length = 1; length < right.length - 1; length++) {
            Engine engine = deflating(role, NO_CONTEXT).frame(0xC2, Arrays.copyOf(right, length));
            assertThat(engine.failure()).as("cut off after %d", length).isEqualTo(1007);
            assertThat(engine.events).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C6")
    void c6Rsv1StandsOnTheFirstFragmentAlone(Role role) {
        byte[] deflated = Bomb.deflate("message".getBytes());
        assertThat(deflating(role, NO_CONTEXT).frame(0x41, Arrays.copyOf(deflated, 3)).frame(0xC0, (byte) 0).failure()).isEqualTo(1002);
        assertThat(deflating(role, NO_CONTEXT).frame(0x01, (byte) 'a').frame(0xC0, deflated).failure()).isEqualTo(1002);
        for (int opcode : new int[] {8, 9, 10}) {
            assertThat(deflating(role, NO_CONTEXT).frame(0xC0 | opcode, Frames.hex("03e8")).failure()).isEqualTo(1002);
        }
    }

    @Test
    @Load
    @Row("C7")
    void c7ConnectionsLostWithinAMessageLeaveNoNativeMemory() throws IOException {
        byte[] begun = Frames.masked(0x41, Arrays.copyOf(Bomb.deflate(new byte[50_000]), 30));
        lose(5_000, begun); // after which the heap is as large as it gets
        long before = residentBytes();
        lose(5_000, begun);
        assertThat(residentBytes() - before).as("5,000 inflaters would be 200 MiB").isLessThan(60L << 20);
    }

    private static void lose(int connections, byte[] begun) {
        for (int i = 0; i < connections; i++) {
            Engine engine = deflating(Role.SERVER, CONTEXT).receive(begun);
            engine.protocol.send(Message.text("an answer that is compressed"));
            engine.protocol.transportEnded();
            engine.receive(new byte[0]);
            assertThat(engine.failure()).isEqualTo(1006);
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        return Memory.residentBytes();
    }

    @Test
    @Load
    @Row("C8")
    void c8AnIdleConnectionThatMayCompressCostsLittle() {
        byte[] message = Frames.masked(0xC1, Bomb.deflate("compressed, ".repeat(50).getBytes()));
        List<Engine> idle = new ArrayList<>();
        long before = usedHeap();
        for (int i = 0; i < 2_000; i++) {
            idle.add(new Engine(Role.SERVER));
        }
        long plain = usedHeap() - before;
        for (int i = 0; i < 2_000; i++) {
            Engine engine = deflating(Role.SERVER, NO_CONTEXT).receive(message);
            engine.events.clear();
            idle.add(engine);
        }
        long deflating = usedHeap() - before - plain;
        assertThat((deflating - plain) / 2_000).isLessThan(2048);
        assertThat(idle).hasSize(4_000);
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Load
    @Row("C9")
    void c9InflatingDoesNotHoldOthersUp() throws Exception {
        byte[] large = Bomb.deflate(new byte[LIMIT]);
        try (RawSocket attacker = open(); RawSocket other = open()) {
            behind(attacker, other, large, 10);
            List<Duration> turns = LoopCpu.unwatched(() -> behind(attacker, other, large, 50));
            turns.sort(null);
            // Who comes behind it waits for the loop's work on it: measured as that, since a busy machine is no attacker.
            assertThat(turns.get(44)).isLessThan(Duration.ofMillis(100));
        }
    }

    private static List<Duration> behind(RawSocket attacker, RawSocket other, byte[] compressed, int rounds) throws Exception {
        List<Duration> turns = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Duration before = LoopCpu.used();
            attacker.say(Frames.masked(0xC2, compressed));
            assertThat(other.sayHex("81 80 00000000").hex(2)).isEqualTo("8100");
            turns.add(LoopCpu.used().minus(before));
            Frames.read(attacker);
        }
        return turns;
    }

    @Test
    @Row("C10")
    void c10TheLengthOfAnAnswerTellsNothingOfASecret() {
        assertThat(lengths(NO_CONTEXT)).as("without context one length for every guess").hasSize(1);
        assertThat(lengths(CONTEXT)).as("with context the right guess is shorter").hasSizeGreaterThan(1);
    }

    /** The lengths of the second message, a guess, after the secret was sent in the first. */
    private static TreeSet<Integer> lengths(DeflateParameters parameters) {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (int guess = 0; guess < 256; guess++) {
            Engine server = deflating(Role.SERVER, parameters);
            server.protocol.send(Message.text("{\"token\":\"x7!9qa\"}"));
            server.output();
            // Two characters that are no part of a repetition and that DEFLATE's fixed code gives eight bits each.
            char a = (char) ('A' + (guess >> 4));
            char b = (char) ('0' + (guess & 15));
            server.protocol.send(Message.text(guess == 77 ? "x7!9q" : "z" + a + "?" + b + "w"));
            lengths.add(server.output().length);
        }
        return lengths;
    }

    @Test
    @Row("C10")
    void c10AMessageCanBeLeftUncompressed() {
        Engine server = deflating(Role.SERVER, CONTEXT);
        server.protocol.send(Message.text("secret, secret, secret").uncompressed());
        assertThat(server.output()[0] & 0x40).isZero();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("C11")
    void c11NothingIsInflatedAfterTheEnd(Role role) {
        byte[] right = Frames.to(role, 0xC2, Bomb.deflate(new byte[1000]));
        Engine failed = deflating(role, CONTEXT).frame(0xC2, (byte) 0x07);
        Engine closed = deflating(role, CONTEXT).frame(0x88);
        Engine lost = deflating(role, CONTEXT);
        lost.protocol.transportEnded();
        lost.receive(new byte[0]).events.clear();
        for (Engine engine : List.of(failed, closed, lost)) {
            for (int piece : new int[] {1, 7, 1000}) {
                engine.receiveCut(right, piece);
            }
            assertThat(engine.protocol.send(Message.text("late"))).isFalse();
            assertThat(engine.events).isEmpty();
        }
    }

    @Test
    @Row("C5")
    void c5DataBehindAFinalBlockIsReadOn() {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput("ab".getBytes());
        deflater.finish();
        byte[] block = new byte[100];
        int length = deflater.deflate(block);
        deflater.end();
        byte[] twice = Frames.join(Arrays.copyOf(block, length), Bomb.deflate("cd".getBytes()));
        assertThat(deflating(Role.SERVER, NO_CONTEXT).frame(0xC1, twice).events).containsExactly(Message.text("abcd"));
    }
}
