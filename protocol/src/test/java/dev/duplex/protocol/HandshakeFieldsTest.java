package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class HandshakeFieldsTest {

    @Rfc(section = "4.2.2", rule = "Accept is the base64 of the SHA-1 of the key and the GUID")
    @Test
    void acceptFitsTheRfcsKey() {
        assertThat(HandshakeFields.acceptFor("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // §1.3
    }

    @Test
    void aPlatformWithoutTheDigestIsNamed() {
        assertThatThrownBy(() -> HandshakeFields.digest("SHA-0")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this Java platform lacks SHA-0");
    }

    @Test
    void aDigestThatCannotBeCopiedIsNamed() {
        MessageDigest single = new MessageDigest("SHA-0") {
            @Override
            protected void engineUpdate(byte input) {}

            @Override
            protected void engineUpdate(byte[] input, int offset, int length) {}

            @Override
            protected byte[] engineDigest() {
                return new byte[0];
            }

            @Override
            protected void engineReset() {}
        };
        assertThatThrownBy(() -> HandshakeFields.copyOf(single)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SHA-0 cannot be copied");
    }

    @Test
    void aFieldThatStandsTwiceIsNotSingle() {
        Headers headers = Headers.of("A", " 1 ", "B", "2", "b", "2");
        assertThat(HandshakeFields.single(headers, "a")).isEqualTo("1");
        assertThat(HandshakeFields.single(headers, "B")).isNull();
        assertThat(HandshakeFields.single(headers, "C")).isNull();
    }
}
