package dev.duplex.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a proxy may ask with: much of it is said back, so none of it may end a line. */
class ChallengeFuzzTest {
    private static final Proxy PROXY = Proxy.parse("http://user:secret@proxy.example:3128");
    private static final String TARGET = "192.0.2.1:443";

    @FuzzTest(maxDuration = "60s")
    void whatAProxyAsksReadsTheSameWhenWrittenAgain(FuzzedDataProvider data) {
        List<String> fields = data.consumeRemainingAsString().lines().limit(4).toList();
        List<Challenge> challenges = Challenge.of(fields);
        for (Challenge challenge : challenges) {
            assertThat(challenge.scheme()).matches("[!#$%&'*+.^_`|~0-9a-z-]+");
            challenge.parameters().values().forEach(value -> assertThat(value).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]"));
        }
        assertThat(Challenge.of(challenges.stream().map(ChallengeFuzzTest::written).toList())).isEqualTo(challenges);
        assertThat(Challenge.of(List.of(challenges.stream().map(ChallengeFuzzTest::written).collect(Collectors.joining(", "))))).isEqualTo(challenges);
        // RFC 9110 §5.3: several lines are one list, so that whoever is asked in two lines is asked twice.
        List<Challenge> each = new ArrayList<>();
        fields.forEach(field -> each.addAll(Challenge.of(List.of(field))));
        assertThat(challenges).isEqualTo(each);
    }

    @FuzzTest(maxDuration = "60s")
    void aLoginSaysOneLineThatTheProxyCanCheck(FuzzedDataProvider data) {
        String algorithm = data.pickValue(new String[] {"", ", algorithm=MD5", ", algorithm=MD5-sess", ", algorithm=SHA-256", ", algorithm=\"sha-256-SESS\""});
        String qop = data.pickValue(new String[] {"", ", qop=auth", ", qop=\"auth,auth-int\""});
        String nonce = quoted(data.consumeString(60));
        List<Challenge> asked = Challenge.of(List.of("Digest nonce=" + nonce + algorithm + qop + data.consumeRemainingAsString()));
        Optional<Login> login = Login.best(asked, PROXY);
        if (login.isEmpty()) {
            return;
        }
        String first = login.get().authorization(TARGET);
        String second = login.get().authorization(TARGET);
        assertThat(first).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
        if (login.get() instanceof Digest digest) {
            assertRight(first, digest, "00000001", asked);
            assertRight(second, digest, "00000002", asked);
        } else {
            assertThat(first).isEqualTo("Basic " + Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8))).isEqualTo(second);
        }
    }

    /** As the proxy would check it, knowing the password. */
    private static void assertRight(String authorization, Digest digest, String times, List<Challenge> asked) {
        List<Challenge> read = Challenge.of(List.of(authorization));
        assertThat(read).hasSize(1);
        Challenge said = read.getFirst();
        assertThat(said.scheme()).isEqualTo("digest");
        assertThat(asked).as("what it answers").anyMatch(challenge -> challenge.scheme().equals("digest")
                && challenge.parameter("realm").equals(said.parameter("realm")) && challenge.parameter("nonce").equals(said.parameter("nonce"))
                && challenge.parameter("opaque").equals(said.parameter("opaque")));
        String hash = digest.algorithm().name().startsWith("MD5") ? "MD5" : "SHA-256";
        String login = hex(hash, "user:" + said.parameter("realm") + ":secret");
        if (digest.algorithm().name().endsWith("SESS")) {
            login = hex(hash, login + ":" + said.parameter("nonce") + ":" + said.parameter("cnonce"));
        }
        String request = hex(hash, "CONNECT:" + TARGET);
        boolean hasQop = !said.parameter("qop").isEmpty();
        if (hasQop) {
            assertThat(said.parameter("nc")).isEqualTo(times);
        }
        String counted = hasQop ? times + ":" + said.parameter("cnonce") + ":auth:" : "";
        assertThat(said.parameter("response")).isEqualTo(hex(hash, login + ":" + said.parameter("nonce") + ":" + counted + request));
    }

    private static String hex(String hash, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(hash).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String written(Challenge challenge) {
        return challenge.scheme() + challenge.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + quoted(parameter.getValue())).collect(Collectors.joining(", ", " ", ""));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
