package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    /** The mark, then command, family and transport. */
    private static final String BLOCK = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c000023c" + "c6336401" + "1267" + "01bb";
    private static final String V6 = "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "1267" + "01bb";

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** Each cut of the bytes must come to the same; what follows the header stays. */
    private static String read(byte[] bytes) throws ProxyHeader.Malformed {
        ByteBuf all = Unpooled.wrappedBuffer(bytes, "GET".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < bytes.length; i++) {
            assertThat(ProxyHeader.read(all.slice(0, i))).as("the first %d bytes", i).isNull();
        }
        ProxyHeader header = ProxyHeader.read(all);
        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("GET");
        return (header.source() == null ? "nobody" : header.source().getAddress().getHostAddress() + " " + header.source().getPort())
                + (header.isSecure() ? " https" : "");
    }

    private static String block(String commandFamily, String addressesAndValues) throws ProxyHeader.Malformed {
        return read(hex(BLOCK + commandFamily + "%04x".formatted(hex(addressesAndValues).length) + addressesAndValues));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.60 198.51.100.1 4711 443, 192.0.2.60 4711",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255 65535",
        "PROXY TCP6 2001:db8::1 ::1 0 443, 2001:db8:0:0:0:0:0:1 0",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535",
        "PROXY UNKNOWN, nobody",
        "PROXY UNKNOWN whatever comes here, nobody",
    })
    void aLineTellsTheClient(String line, String client) throws Exception {
        assertThat(read((line + "\r\n").getBytes(StandardCharsets.US_ASCII))).isEqualTo(client);
    }

    @Test
    void aBlockTellsTheClient() throws Exception {
        assertThat(block("21 11", V4)).isEqualTo("192.0.2.60 4711");
        assertThat(block("21 21", V6)).isEqualTo("2001:db8:0:0:0:0:0:1 4711");
        assertThat(block("20 11", V4)).as("LOCAL: the proxy itself").isEqualTo("nobody");
        assertThat(block("20 00", "")).isEqualTo("nobody");
        assertThat(block("21 00", "")).as("a family that nobody knows").isEqualTo("nobody");
        assertThat(block("21 00", "ffffff")).isEqualTo("nobody");
        assertThat(block("21 12", V4)).as("UDP").isEqualTo("nobody");
        assertThat(block("21 31", "00".repeat(216))).as("a Unix domain socket").isEqualTo("nobody");
    }

    @Test
    void ofTheValuesTlsIsReadTheChecksumCheckedAndTheRestPassedOver() throws Exception {
        assertThat(block("21 11", V4 + "20 0005 01 00000000")).isEqualTo("192.0.2.60 4711 https");
        assertThat(block("21 11", V4 + "20 0005 00 00000000")).as("its bit is not set").isEqualTo("192.0.2.60 4711");
        assertThat(block("21 11", V4 + "01 0002 6832" + "ea 0000" + "20 0005 07 00000000" + "04 0003 000000")).isEqualTo("192.0.2.60 4711 https");
        assertThat(block("21 31", "00".repeat(216) + "20 0005 01 00000000")).isEqualTo("nobody https");
        String sum = "03 0004 " + "cabac009";
        assertThat(block("21 11", V4 + sum)).isEqualTo("192.0.2.60 4711");
        assertThatExceptionOfType(ProxyHeader.Malformed.class).isThrownBy(() -> block("21 11", V4.replace("c0", "c1") + sum))
                .withMessage("a PROXY header with a wrong checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY TCP4\r\n", "PROXY  TCP4 192.0.2.60 198.51.100.1 4711 443\r\n", "PROXY TCP4 192.0.2.60 198.51.100.1 4711 443\n",
        "PROXY TCP4 192.0.2.60 198.51.100.1 4711\r\n", "PROXY TCP4 192.0.2.60 198.51.100.1 4711 443 \r\n", "PROXY TCP4 ::1 ::1 4711 443\r\n",
        "PROXY TCP6 192.0.2.60 198.51.100.1 4711 443\r\n", "PROXY TCP4 192.0.2.60 198.51.100.1 65536 443\r\n", "PROXY TCP4 192.0.2.60 198.51.100.1 -1 443\r\n",
        "PROXY TCP4 192.0.2.60 198.51.100.1 04711 443\r\n", "PROXY TCP4 localhost 198.51.100.1 4711 443\r\n", "PROXY tcp4 192.0.2.60 198.51.100.1 4711 443\r\n",
        "PROXY TCP6 fe80::1%lo ::1 4711 443\r\n", "\r\n\r\nGET / HTTP/1.1\r\n", "proxy TCP4 192.0.2.60 198.51.100.1 4711 443\r\n",
    })
    void whatIsNoLineIsRefused(String text) {
        assertThatExceptionOfType(ProxyHeader.Malformed.class).isThrownBy(() -> ProxyHeader.read(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)));
    }

    @Test
    void aLineWithoutEndIsRefusedAt107Bytes() throws Exception {
        assertThat(ProxyHeader.read(Unpooled.copiedBuffer("PROXY " + "x".repeat(100), StandardCharsets.US_ASCII))).isNull();
        assertThatExceptionOfType(ProxyHeader.Malformed.class)
                .isThrownBy(() -> ProxyHeader.read(Unpooled.copiedBuffer("PROXY " + "x".repeat(101), StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({
        "11 11 000c, an older version", "22 11 000c, an unknown command", "21 11 000b, too short for its addresses", "21 21 0023, too short for its addresses",
        "21 31 00d7, too short for its addresses", "21 11 000d, a value cut off", "21 11 000f, a value that goes on", "21 11 ffff, 64 KiB",
    })
    void whatIsNoBlockIsRefused(String head, String why) {
        byte[] bytes = hex(BLOCK + head + V4 + "010009" + "00".repeat(300));
        assertThatExceptionOfType(ProxyHeader.Malformed.class).as(why).isThrownBy(() -> ProxyHeader.read(Unpooled.wrappedBuffer(bytes)));
    }

    @Test
    void aBlockIsReadUpTo536BytesAndNothingIsAwaitedForALongerOne() throws Exception {
        assertThat(block("21 11", V4 + "ea" + "%04x".formatted(536 - 16 - 12 - 3) + "00".repeat(536 - 16 - 12 - 3))).isEqualTo("192.0.2.60 4711");
        assertThatExceptionOfType(ProxyHeader.Malformed.class).isThrownBy(() -> ProxyHeader.read(Unpooled.wrappedBuffer(hex(BLOCK + "21 11 0209"))))
                .withMessage("a PROXY header of 537 bytes");
    }
}
