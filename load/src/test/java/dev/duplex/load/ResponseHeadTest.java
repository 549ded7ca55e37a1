package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    @Test
    void whatFollowsTheHeadIsLeft() {
        ByteBuf in = bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX:\r\n\r\n\u0081\u0001a");
        OpeningResponse response = ResponseHead.take(in);
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.headers().first("upgrade")).hasValue("websocket");
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Test
    void aHeadThatHasNotComeWholeIsAwaited() {
        assertThat(ResponseHead.take(bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 101\r\nno colon\r\n\r\n", "HTTP/1.1 99 \r\n\r\n", "HTTP/1.1 200 ok\r\n: x\r\n\r\n"})
    void whatIsNoHeadIsRefused(String head) {
        assertThatThrownBy(() -> ResponseHead.take(bytes(head))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeadWithoutEndIsRefused() {
        assertThatThrownBy(() -> ResponseHead.take(bytes("HTTP/1.1 101 x\r\n" + "a: b\r\n".repeat(4000))))
                .hasMessageContaining("longer than 16384 bytes");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
