package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.protocol.DeflateOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group F: what a server may send to a client; the rows of framing and compression, from the other side. */
class HostileFrameRowsTest {
    private static final String COMPRESSED = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.deflate(DeflateOptions.defaults()));

    private void assertClosedWith(int code, String headers, byte[] frames) throws IOException {
        try (HostileServer server = HostileServer.sending(headers, frames)) {
            Conversation c = target.client().converse(server.uri());
            c.forEach(message -> assertThat(message.byteLength()).isLessThan(1 << 20));
            assertThat(c.connection().closed().toCompletableFuture().join().code()).isEqualTo(code);
        }
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    @Row("F7")
    void f7ABadFrameIsClosedWithItsCode() throws IOException {
        for (String frames : List.of(
                "82 7f 8000000000000000", "82 7f ffffffffffffffff", "83 7f 0000010000000000", "8b 7f 0000010000000000",
                "82 7e 0005 0000000000", "82 7f 000000000000ffff", "81 82 00000000 6869", "89 80 00000000", "a1 00",
                "91 00", "f1 00", "c9 00", "01 00 c0 00", "09 00", "08 00", "89 7e 007e", "88 01 03", "88 02 0000",
                "88 02 03e7", "88 02 03ec", "88 02 03ed", "88 02 03ee", "88 02 03f7", "88 02 03f8", "88 02 0bb7",
                "88 02 1388", "88 02 ffff", "80 00", "01 01 61 81 01 62")) {
            assertClosedWith(1002, "", hex(frames));
        }
        for (String frames : List.of(
                "82 7f 7fffffffffffffff", "82 7f 0000000080000000", "82 7f 000000007fffffff", "82 7f 0000000000100001")) {
            assertClosedWith(1009, "", hex(frames));
        }
        for (String frames : List.of("88 04 03e8 c328", "81 02 c328", "01 01 c3 80 01 28", "81 03 eda080")) {
            assertClosedWith(1007, "", hex(frames));
        }
    }

    @Test
    @Load
    @Row("F7")
    void f7FragmentsWithoutEndAreCountedEmptyOnesToo() throws IOException {
        assertClosedWith(1008, "", hex("0100" + "0000".repeat(1100)));
        assertClosedWith(1008, "", hex("010161" + "000161".repeat(1100)));
        assertClosedWith(1009, "", hex("027e4000" + "00".repeat(16_384) + ("007e4000" + "00".repeat(16_384)).repeat(70)));
    }

    @Test
    @Load
    @Row("F7")
    void f7FloodsOfPingsAndPongsAreLimited() throws IOException {
        assertClosedWith(1008, "", hex(("897d" + "00".repeat(125)).repeat(500)));
        assertClosedWith(1008, "", hex("8a00".repeat(500)));
    }

    @Test
    @Load
    @Row("F7")
    void f7ABombIsNotInflatedBeyondTheCap() throws IOException {
        long before = Memory.directBytes();
        byte[] bomb = deflated(new byte[64 << 20]);
        assertClosedWith(1009, COMPRESSED, framed("c2", bomb, 0, bomb.length));
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int at = 0; at < bomb.length; at += 1000) {
            pieces.writeBytes(framed(at == 0 ? "42" : "00", bomb, at, Math.min(1000, bomb.length - at)));
        }
        assertClosedWith(1009, COMPRESSED, pieces.toByteArray());
        assertThat(Memory.directBytes() - before).isLessThan(8 << 20);
    }

    @Test
    @Row("F7")
    void f7WhatCannotBeInflatedIsClosedWith1007() throws IOException {
        assertClosedWith(1007, COMPRESSED, hex("c1 03 ffffff"));
        assertClosedWith(1007, COMPRESSED, hex("c1 01 06"));
        assertClosedWith(1002, "", hex("c1 03 ffffff"));
    }

    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH); n > 0;
                n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) {
            out.write(buffer, 0, n);
        }
        deflater.end();
        return Arrays.copyOf(out.toByteArray(), out.size() - 4);
    }

    private static byte[] framed(String firstByte, byte[] payload, int from, int length) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(hex(firstByte + (length < 65_536 ? "7e%04x" : "7f%016x").formatted(length)));
        frame.write(payload, from, length);
        return frame.toByteArray();
    }
}
