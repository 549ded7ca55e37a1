package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void textIsKeptAsUtf8AndDecodedWhenAsked() {
        Text text = Message.text("hé한🙂");
        assertThat(End.hex(text.bytes())).isEqualTo("68c3a9ed959cf09f9982");
        assertThat(text.text()).isEqualTo("hé한🙂");
        assertThat(text.byteLength()).isEqualTo(10);
        assertThat(text.isText()).isTrue();
        assertThat(Text.ofUtf8(End.bytes("68c3a9")).text()).isEqualTo("hé");
    }

    @Rfc(section = "5.6", rule = "a text message is valid UTF-8, or none")
    @Test
    void bytesThatAreNotUtf8AreNoText() {
        assertThatThrownBy(() -> Text.ofUtf8(End.bytes("c3"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("valid UTF-8");
    }

    @Test
    void anUnpairedSurrogateBecomesAQuestionMark() {
        assertThat(Message.text("a\ud83d").text()).isEqualTo("a?");
    }

    @Test
    void aMessageOwnsTheBytesThatItWasGiven() {
        byte[] bytes = {1, 2, 3};
        assertThat(Message.binary(bytes).bytes()).isSameAs(bytes);
        assertThat(Binary.of(bytes).bytes()).isSameAs(bytes);
        assertThat(Binary.of(bytes).isText()).isFalse();
        byte[] utf8 = End.utf8("x");
        assertThat(Text.ofUtf8(utf8).bytes()).isSameAs(utf8);
    }

    @Test
    void bytesAreRequired() {
        assertThatThrownBy(() -> Message.binary((byte[]) null)).isInstanceOf(NullPointerException.class).hasMessage("bytes");
        assertThatThrownBy(() -> new Text(null, true)).isInstanceOf(NullPointerException.class).hasMessage("utf8");
    }

    @Test
    void aBinaryMessageHasNoText() {
        assertThatThrownBy(Message.binary(new byte[5])::text).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a binary message of 5 bytes");
    }

    @Test
    void messagesAreEqualByKindAndBytes() {
        Message text = Message.text("ab");
        assertThat(text).isEqualTo(Text.ofUtf8(End.utf8("ab"))).hasSameHashCodeAs(Text.ofUtf8(End.utf8("ab")));
        assertThat(text).isNotEqualTo(Message.text("ac")).isNotEqualTo(Message.binary(End.utf8("ab"))).isNotEqualTo("ab").isNotEqualTo(null);
        Message binary = Message.binary(End.bytes("6162"));
        assertThat(binary).isEqualTo(Binary.of(End.bytes("6162"))).isNotEqualTo(text);
        assertThat(Set.of(binary)).contains(Binary.of(End.bytes("6162")));
        assertThat(Set.of(text)).contains(Message.text("ab"));
        assertThat(Message.text("ab").hashCode()).isNotEqualTo(Message.text("ac").hashCode());
        assertThat(Message.binary(End.utf8("ab")).hashCode()).isNotEqualTo(Message.binary(End.utf8("ac")).hashCode());
    }

    @Rfc(number = 7692, section = "8", rule = "a secret can be kept out of compression")
    @Test
    void aSecretIsNeverCompressed() {
        for (Message message : List.of(Message.text("s3cret"), Message.binary(End.utf8("s3cret")))) {
            assertThat(message.isCompressible()).isTrue();
            Message secret = message.uncompressed();
            assertThat(secret.isCompressible()).isFalse();
            assertThat(secret).isEqualTo(message);
            assertThat(secret.uncompressed()).isSameAs(secret);
        }
    }

    @Test
    void aMessageDescribesItselfByKindAndLengthAndKeepsItsContent() {
        assertThat(Message.text("s3cret")).hasToString("text of 6 bytes");
        assertThat(Message.binary(new byte[70_000])).hasToString("binary of 70000 bytes");
    }

    @Test
    void aPartOfTextIsTextAndAPartOfBinaryIsNot() {
        assertThat(Part.text("hé", false).text()).isEqualTo("hé");
        assertThat(End.hex(Part.text("hé", false).bytes())).isEqualTo("68c3a9");
        assertThatThrownBy(Part.binary(new byte[1], true)::text).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("binary");
        assertThatThrownBy(() -> Part.binary(null, true)).isInstanceOf(NullPointerException.class).hasMessage("bytes");
    }
}
