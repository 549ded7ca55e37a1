package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.protocol.Extension.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionTest {

    @Test
    void noHeaderIsNoExtension() {
        assertThat(Extension.parse(List.of())).contains(List.of());
    }

    @Test
    @Rfc(section = "9.1", rule = "an extension is a token with parameters, with or without values")
    void parametersKeepTheirOrder() {
        assertThat(Extension.parse(List.of("foo; b=1; a; c=x"))).contains(List.of(new Extension("foo",
                List.of(new Parameter("b", "1"), new Parameter("a", null), new Parameter("c", "x")))));
    }

    @Test
    @Rfc(section = "9.1", rule = "a list may be spread over several header lines")
    void linesAreOneList() {
        assertThat(Extension.parse(List.of("a, b;x", "c"))).contains(List.of(
                new Extension("a", List.of()), new Extension("b", List.of(new Parameter("x", null))), new Extension("c", List.of())));
    }

    @Test
    @Rfc(section = "9.1", rule = "a value may be quoted, and is a token once unescaped")
    void quotedValuesAreUnescaped() {
        assertThat(Extension.parse(List.of("foo; a=\"1\\0\" ; b = \"x\""))).contains(List.of(new Extension("foo",
                List.of(new Parameter("a", "10"), new Parameter("b", "x")))));
    }

    @Test
    void blanksMeanNothing() {
        assertThat(Extension.parse(List.of("\t foo\t;  a = 1 ,\t, bar \t")))
                .isEqualTo(Extension.parse(List.of("foo;a=1,bar")));
    }

    @Test
    void emptyValuesAreKeptSoThatAnOfferCanBeDeclined() {
        List<Extension> expected = List.of(new Extension("foo", List.of(new Parameter("a", ""), new Parameter("b", ""))));
        assertThat(Extension.parse(List.of("foo; a=; b="))).contains(expected);
        assertThat(Extension.parse(List.of("foo; a=\"\"; b=\"\""))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ", ,", ";", "foo;", "foo;;a", "foo; ;a", "foo bar", "foo a=1", "foo; a b", "foo; a=1 2", "=1",
        "foo=1", "foo; =1", "foo; a==1", "foo; a=\"", "foo; a=\"1", "foo; a=\"1\\", "foo; a=\"1\\\"", "foo; a=\"x y\"", "foo; a=\"1\"2",
        "foo; a=\"1,2\"", "foo/1", "foo; a=(1)", "föö", "foo; a=\"\\\\\"", "\"foo\""})
    @Rfc(section = "9.1", rule = "a malformed list fails the handshake")
    void malformedListsAreTold(String header) {
        assertThat(Extension.parse(List.of(header))).isEmpty();
        assertThat(Extension.parse(List.of("good", header, "good")).isPresent())
                .as("an empty line among others is an empty element").isEqualTo(header.replace(",", "").isBlank());
    }

    @Test
    void atMostSixteenAreKept() {
        List<Extension> kept = Extension.parse(List.of(String.join(",", Collections.nCopies(5000, "x")))).orElseThrow();
        assertThat(kept).hasSize(16);
    }

    @Test
    void theFirstSixteenAreKeptAndTheRestStillHasToBeWellFormed() {
        String twenty = "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t";
        assertThat(Extension.parse(List.of(twenty)).orElseThrow()).extracting(Extension::name).endsWith("o", "p");
        assertThat(Extension.parse(List.of(twenty + ";;"))).isEmpty();
    }

    @Test
    void namesLikeThoseOfLanguagesAreNamesLikeAnyOther() {
        assertThat(Extension.parse(List.of("constructor, __proto__; toString=1")).orElseThrow())
                .extracting(Extension::name).containsExactly("constructor", "__proto__");
    }

    @Test
    void whatIsPrintedParsesBackToTheSame() {
        Random random = new Random(6455);
        for (int round = 0; round < 2_000; round++) {
            List<Extension> extensions = new ArrayList<>();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                extensions.add(randomExtension(random));
            }
            String header = String.join(", ", extensions.stream().map(Extension::toString).toList());
            assertThat(Extension.parse(List.of(header))).as(header).contains(extensions);
        }
    }

    @Test
    void whatIsMadeByHandCannotInject() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Extension("a, b", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Extension("a\r\nb", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter("a=b", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter("a", "b\r\nX: y"));
    }

    private static Extension randomExtension(Random random) {
        List<Parameter> parameters = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String value = switch (random.nextInt(3)) {
                case 0 -> null;
                case 1 -> "";
                default -> randomToken(random);
            };
            parameters.add(new Parameter(randomToken(random), value));
        }
        return new Extension(randomToken(random), parameters);
    }

    private static String randomToken(Random random) {
        String alphabet = "azAZ09!#$%&'*+-.^_`|~";
        StringBuilder token = new StringBuilder();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            token.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return token.toString();
    }
}
