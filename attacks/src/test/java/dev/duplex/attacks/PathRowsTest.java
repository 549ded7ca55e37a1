package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Rejection;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.protocol.RequestTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: paths that a rule and a route could read in two ways. */
class PathRowsTest {
    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .http("/admin", query -> HttpAnswer.text(200, "secret " + query.path()))
            .http("/files/{name}", query -> HttpAnswer.text(200, "file " + query.variables().get("name") + " of " + query.path()))
            .endpoint("/admin", opening -> {
                throw new Rejection(401, "secret " + opening.path());
            }));

    private int status(String path, boolean isUpgrade) throws IOException {
        String answer = target.ask(isUpgrade ? RawSocket.opening(path, "") : "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertThat(answer.contains("secret")).as(path).isEqualTo(answer.contains("secret /admin"));
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Test
    @Row("A25")
    void a25APathHasOneFormOrNone() throws IOException {
        for (String ambiguous : List.of("/x/../admin", "/x/..", "/..", "/.", "/./admin", "/admin/.", "/%2e%2e/admin", "/x/%2E%2e/admin", "/x/.%2e/admin",
                "//admin", "/x//admin", "/admin//", "/%2Fadmin", "/x%2fadmin", "/admin%00", "/%00", "/admin%0d%0aX:y", "/admin%", "/admin%2",
                "/admin%zz", "/%c0%afadmin", "/%ff", "/%ed%a0%80", "/x\\admin", "/..%5cadmin", "/admin#x", "admin", "*", "ftp://h/admin",
                "http:///admin", "/%u0061dmin", "/admin%1b")) {
            for (boolean isUpgrade : new boolean[] {true, false}) {
                assertThat(status(ambiguous, isUpgrade)).as(ambiguous).isEqualTo(400);
            }
        }
        for (String other : List.of("/Admin", "/ADMIN", "/admin/", "/admin;x=1", "/admin.", "/admin%20", "/;/admin", "/%252e%252e/admin", "/admin%3f",
                "/admin&x", "/...", "/adm%69n%3bx")) {
            for (boolean isUpgrade : new boolean[] {true, false}) {
                assertThat(status(other, isUpgrade)).as(other).isEqualTo(404);
            }
        }
        for (String same : List.of("/admin", "/%61dmin", "/adm%69n", "/admin?x=/../y", "http://localhost/admin")) {
            assertThat(status(same, true)).as(same).isEqualTo(401);
        }
        assertThat(status("/files/..%252f..%252fadmin", false)).isEqualTo(200);
    }

    @Test
    @Row("A25")
    void a25WhatCanBeReadIsReadTheSameAgain() {
        String alphabet = "/.%2eEfF5cC0a;?#\\\u00e9 Ab:@~+";
        Random random = new Random(7);
        int canonical = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(12); n > 0; n--) {
                path.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Optional<RequestTarget> target = RequestTarget.parse(path.toString());
            if (target.isPresent()) {
                canonical++;
                assertThat(List.of(target.get().path().substring(1).split("/", -1))).as("%s", path).doesNotContain(".", "..");
                assertThat(target.get().path()).as("%s", path).doesNotContain("//", "\\", "\0").startsWith("/");
            }
        }
        assertThat(canonical).isGreaterThan(300);
    }
}
