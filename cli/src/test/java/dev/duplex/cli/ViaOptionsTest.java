package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ViaOptionsTest {
    private static final Map<String, String> NAMED = Map.of("HTTP_PROXY", "http://me:secret@named:1", "no_proxy", "near.example");

    @Command
    private static final class Given {
        @Mixin
        private ViaOptions proxies;
    }

    private static String chosen(Map<String, String> environment, String target, String... args) {
        Given given = new Given();
        new CommandLine(given).parseArgs(args);
        return given.proxies.towards(URI.create(target), environment).map(Object::toString).orElse("none");
    }

    @Test
    void theOptionComesBeforeTheEnvironment() {
        assertThat(chosen(Map.of(), "ws://far.example/")).isEqualTo("none");
        assertThat(chosen(NAMED, "ws://far.example/")).isEqualTo("http://named:1");
        assertThat(chosen(NAMED, "ws://near.example/")).isEqualTo("none");
        assertThat(chosen(NAMED, "ws://far.example/", "--proxy", "socks5h://mine:2")).isEqualTo("socks5h://mine:2");
        assertThat(chosen(NAMED, "ws://far.example/", "--proxy", "none")).isEqualTo("none");
        assertThat(chosen(NAMED, "ws://far.example/", "--no-proxy", "far.example")).isEqualTo("none");
    }

    @Test
    void whatIsNoProxyIsWrongUse() {
        assertThatThrownBy(() -> chosen(NAMED, "ws://far.example/", "--proxy", "ftp://me:secret@h")).isInstanceOf(Complaint.class)
                .hasMessage("--proxy: no proxy speaks 'ftp'; http, socks4, socks4a, socks5 and socks5h are spoken");
        Ran ran = Ran.duplex("", "connect", "--proxy", "http://me:secret@h:0", "ws://far.example/");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("duplex: --proxy: a proxy has a host, and a port of 1 to 65535\n");
    }
}
