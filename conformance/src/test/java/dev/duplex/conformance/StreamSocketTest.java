package dev.duplex.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stream against a server whose frames are written by hand. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamSocketTest {
    private static final String SETTINGS = "000006040000000000" + "000800000001";
    private static final String ANSWER = "000001010400000001" + "88";
    private ServerSocket door;
    private Socket server;
    private StreamSocket stream;

    @BeforeEach
    void connect() throws IOException {
        door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket below = new Socket(door.getInetAddress(), door.getLocalPort());
        server = door.accept();
        stream = new StreamSocket(below);
        stream.setSoTimeout(20_000);
    }

    @AfterEach
    void end() throws IOException {
        stream.close();
        server.close();
        door.close();
    }

    private void says(String hex) throws IOException {
        server.getOutputStream().write(HexFormat.of().parseHex(hex));
    }

    private HttpHead asked() throws IOException {
        return stream.ask(List.of(), new HeadText("", List.of("Sec-WebSocket-Version: 13")));
    }

    private void open() throws IOException {
        says(SETTINGS + ANSWER);
        assertThat(asked().status()).isEqualTo(200);
    }

    /** What the client has sent: the preface, and then frames. */
    private String hears(int bytes) throws IOException {
        return HexFormat.of().formatHex(new DataInputStream(server.getInputStream()).readNBytes(bytes));
    }

    @Test
    void theRequestFollowsTheServersSettings() throws IOException {
        open();
        assertThat(hears(24)).isEqualTo(HexFormat.of().formatHex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII)));
        assertThat(hears(21)).as("no table, no push").isEqualTo("00000c040000000000" + "000100000000" + "000200000000");
        assertThat(hears(9)).as("SETTINGS with ACK").isEqualTo("000000040100000000");
        assertThat(hears(9)).as("HEADERS with END_HEADERS").isEqualTo("00001a010400000001");
    }

    @Test
    void dataIsReadWithoutItsPaddingUntilTheStreamEnds() throws IOException {
        open();
        says("000006000800000001" + "036869" + "000000" + "000001000100000001" + "21");
        assertThat(stream.getInputStream().readAllBytes()).isEqualTo("hi!".getBytes(US_ASCII));
    }

    @Test
    void aPingIsAnsweredWhileReading() throws IOException {
        open();
        hears(24 + 21 + 9 + 9 + 0x1a);
        says("000008060000000000" + "0102030405060708" + "000001000000000001" + "21");
        assertThat(stream.getInputStream().read()).isEqualTo('!');
        assertThat(hears(17)).isEqualTo("000008060100000000" + "0102030405060708");
    }

    @Test
    void noMoreIsSentThanTheServerGrants() throws IOException {
        says("00000c040000000000" + "000800000001" + "000400000003" + ANSWER);
        asked();
        hears(24 + 21 + 9 + 9 + 0x1a);
        stream.setSoTimeout(300);
        assertThatThrownBy(() -> stream.getOutputStream().write(new byte[5])).isInstanceOf(SocketTimeoutException.class);
        assertThat(hears(12)).isEqualTo("000003000000000001" + "000000");
    }

    @Test
    void whoWaitsForRoomWaitsNoLongerThanTheStreamLasts() throws IOException {
        says("00000c040000000000" + "000800000001" + "000400000003" + ANSWER);
        asked();
        CompletableFuture<Throwable> writer = CompletableFuture.supplyAsync(() -> catchThrowable(() -> stream.getOutputStream().write(new byte[5])));
        says("000000000100000001");
        assertThat(stream.getInputStream().read()).isEqualTo(-1);
        assertThat(writer.join()).isExactlyInstanceOf(SocketException.class).hasMessageContaining("ended the stream");
    }

    @Test
    void aResetIsOneForWhoReadsAndWhoWrites() throws IOException {
        open();
        says("000001000000000001" + "21" + "000004030000000001" + "00000008");
        assertThat(stream.getInputStream().read()).isEqualTo('!');
        assertThatThrownBy(() -> stream.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("error 8");
        assertThatThrownBy(() -> stream.getOutputStream().write(1)).isInstanceOf(SocketException.class).hasMessageContaining("error 8");
    }

    @Test
    void aFrameThatIsTooShortIsNamed() throws IOException {
        open();
        says("000002030000000001" + "0000");
        assertThatThrownBy(() -> stream.getInputStream().read()).isInstanceOf(EOFException.class).hasMessageContaining("too short");
    }

    @Test
    void theEndOfTcpIsNoEndOfTheStream() throws IOException {
        open();
        server.shutdownOutput();
        assertThatThrownBy(() -> stream.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void aServerWithoutTheSettingIsToldApart() throws IOException {
        says("000000040000000000");
        assertThatThrownBy(this::asked).isInstanceOf(ProtocolException.class).hasMessageContaining("ENABLE_CONNECT_PROTOCOL");
    }

    @Test
    void whatIsNoHttp2IsToldApart() throws IOException {
        server.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        assertThatThrownBy(this::asked).isInstanceOf(ProtocolException.class).hasMessage("it does not speak HTTP/2");
    }
}
