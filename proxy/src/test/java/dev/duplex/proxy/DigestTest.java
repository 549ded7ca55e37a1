package dev.duplex.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {
    private static final Proxy MUFASA = new Proxy(Proxy.Kind.HTTP, "h", 1, "Mufasa", "Circle of Life");

    private static Challenge challenge(String field) {
        return Challenge.of(List.of(field)).getFirst();
    }

    /** The example of RFC 7616 §3.9.1. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA_256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    })
    void theExampleOfTheRfcComesOut(Digest.Algorithm algorithm, String response) {
        Challenge asked = challenge("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm.token()
                + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        Digest digest = new Digest(asked, MUFASA, algorithm, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        assertThat(digest.response("GET", "/dir/index.html", "00000001")).isEqualTo(response);
    }

    /** The example of RFC 2617 §3.5, without and with what it calls qop. */
    @Test
    void anOldProxyGetsWhatItAsksFor() {
        Challenge asked = challenge("Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"");
        Digest digest = new Digest(asked, new Proxy(Proxy.Kind.HTTP, "h", 1, "Mufasa", "Circle Of Life"), Digest.Algorithm.MD5, "0a4f113b");
        assertThat(digest.response("GET", "/dir/index.html", "00000001")).isEqualTo("670fd8c2df070c60b045671b8b24ff02");
        assertThat(digest.authorization("a:1")).doesNotContain("qop").doesNotContain("cnonce");
    }

    /** A session's secret is made with the client's nonce, without which the proxy could not check it. */
    @Test
    void whoAsksForASessionIsToldTheClientsNonce() {
        Digest digest = new Digest(challenge("Digest realm=r, nonce=n, algorithm=MD5-sess"), MUFASA, Digest.Algorithm.MD5_SESS, "0a4f113b");
        assertThat(digest.authorization("a:1")).contains(", cnonce=\"0a4f113b\"").doesNotContain("qop").doesNotContain("nc=");
    }

    @Test
    void eachRequestCountsOnAndShowsNoPassword() {
        Digest digest = Digest.answering(challenge("Digest realm=\"a \\\"b\\\"\", nonce=n, qop=auth, opaque=\"o\""), MUFASA).orElseThrow();
        assertThat(digest.authorization("h:1")).startsWith("Digest username=\"Mufasa\", realm=\"a \\\"b\\\"\", nonce=\"n\", uri=\"h:1\", algorithm=MD5, response=\"")
                .contains("qop=auth, nc=00000001, cnonce=\"").endsWith("opaque=\"o\"").doesNotContain("Circle");
        assertThat(digest.authorization("h:1")).contains("nc=00000002");
    }

    @Test
    void namesAreHashedOrEncodedAsTheProxyWants() {
        Proxy proxy = new Proxy(Proxy.Kind.HTTP, "h", 1, "Jäsøn Doe", "Secret, or not?");
        String plain = Digest.answering(challenge("Digest realm=r, nonce=n, qop=auth"), proxy).orElseThrow().authorization("h:1");
        assertThat(plain).startsWith("Digest username*=UTF-8''%4A%C3%A4%73%C3%B8%6E%20%44%6F%65, ");
        String hashed = Digest.answering(challenge("Digest realm=r, nonce=n, qop=auth, userhash=true"), proxy).orElseThrow().authorization("h:1");
        assertThat(hashed).matches("Digest username=\"[0-9a-f]{32}\", userhash=true, .*");
    }

    @Test
    void theBestOfSeveralIsChosen() {
        assertThat(authorization("Basic realm=\"x\", Digest realm=\"y\", nonce=\"n\", qop=\"auth\", algorithm=MD5", "Digest realm=y, nonce=m, qop=auth, algorithm=SHA-256"))
                .contains("algorithm=SHA-256");
        assertThat(authorization("Digest realm=y, nonce=n, qop=auth, algorithm=SHA-512-256", "Basic realm=x")).isEqualTo("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl");
        assertThat(authorization("Digest realm=y, nonce=n, qop=auth-int", "NTLM", "Negotiate abc==")).isEqualTo("none");
        assertThat(authorization("Negotiate abc==, Basic realm=\"a, Digest b\"")).startsWith("Basic ");
        assertThat(authorization("Digest realm=y, nonce=n, qop=auth, algorithm=md5-sess")).contains("algorithm=MD5-sess");
    }

    @Test
    void whatIsNoChallengeIsNone() {
        assertThat(Challenge.of(List.of("", "=,=,\"", "realm=x", "\u0000"))).isEmpty();
    }

    private static String authorization(String... fields) {
        return Login.best(Challenge.of(List.of(fields)), MUFASA).map(login -> login.authorization("h:1")).orElse("none");
    }
}
