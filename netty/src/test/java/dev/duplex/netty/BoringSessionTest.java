package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What must not reach native memory; records themselves are {@link TlsWireTest}'s. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "BoringSSL comes with the tests on Linux alone")
class BoringSessionTest {
    private static final int ROOM = TlsWire.ENCRYPTED_BYTES;

    private final SslContext context = Tls.selfSigned().context();
    private final ByteBuf into = Unpooled.directBuffer(ROOM, ROOM);
    /** A record of 2 bytes, as far as its head tells. */
    private final ByteBuf record = Unpooled.directBuffer().writeBytes(new byte[] {23, 3, 3, 0, 2, 1, 2});
    private ReferenceCountedOpenSslEngine engine;
    private BoringSession session;

    @BeforeEach
    void take() {
        engine = (ReferenceCountedOpenSslEngine) context.newEngine(ByteBufAllocator.DEFAULT);
        session = BoringSession.of(engine);
    }

    @AfterEach
    void end() {
        if (engine.refCnt() > 0) {
            session.release();
        }
        record.release();
        into.release();
        ReferenceCountUtil.release(context);
    }

    @Test
    void aSessionThatWasReleasedTouchesNothing() throws SSLException {
        session.release();

        assertThat(engine.refCnt()).isZero();
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> session.decrypt(record, into));
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> session.encrypt(record, 0, into));
        session.endOutput();
        assertThat(session.speak(into)).isFalse();
        assertThat(session.hasEndedOutput()).isTrue();
    }

    @Test
    void anEngineThatHasFailedGivesASessionThatIsOver() {
        engine.shutdown();

        BoringSession late = BoringSession.of(engine);

        assertThat(late.hasEndedInput()).isTrue();
        assertThat(late.hasEndedOutput()).isTrue();
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> late.decrypt(record, into));
    }

    @Test
    void bytesOnTheHeapAreRefused() {
        ByteBuf heap = Unpooled.wrappedBuffer(new byte[] {23, 3, 3, 0, 2, 1, 2});

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> session.decrypt(heap, into));
        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> session.encrypt(heap, 0, into));
    }

    @Test
    void whatIsNoRecordIsAnError() {
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> session.decrypt(record, into)).withMessageContaining("SSL");
    }
}
