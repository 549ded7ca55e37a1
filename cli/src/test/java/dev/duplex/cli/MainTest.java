package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "                                     | name a subcommand; see duplex --help",
        "sreve                                | nothing is to be done with 'sreve'; perhaps serve?; see duplex --help",
        "serve --comprss                      | no option '--comprss'; perhaps --compress or --compress-threshold?; see duplex serve --help",
        "serve --zzz 1                        | no option '--zzz'; see duplex serve --help",
        "serve --port none                    | Invalid value for option '--port': 'none' is not an int; see duplex serve --help",
        "serve --port 65536                   | a port is 0 to 65535, not 65536",
        "serve --drain 5                      | Invalid value for option '--drain': '5' is not a duration such as 500ms, 10s or 2m; see duplex serve --help",
        "serve --max-message-bytes 16M        | Invalid value for option '--max-message-bytes': '16M' is not a number of bytes such as 65536, 64KiB or 16MiB; see duplex serve --help",
        "serve --max-message-bytes 2GiB       | --max-message-bytes is at most 2147483583 bytes, not 2147483648",
        "serve --static /no/such/place        | --static /no/such/place is not a directory that can be read",
        "serve --tls-cert a.pem               | --tls-cert and --tls-key go together",
        "serve --tls-self-signed --tls-cert a --tls-key b | --tls-self-signed makes its own certificate; leave out --tls-cert and --tls-key",
        "serve --tls-cert a --tls-key b --tls-key c | --tls-cert and --tls-key go together",
        "serve --tls-p12 a                    | --tls-p12 and --tls-password-file go together",
        "serve --client-ca a                  | --client-ca needs TLS: --tls-cert with --tls-key, --tls-p12 or --tls-self-signed",
        "serve --client-cert-optional         | --client-cert-optional needs --client-ca, which says who vouches for clients",
        "serve --unix-mode rw                 | --unix-mode is for --unix",
        "serve --unix x.sock --reuse-port     | --reuse-port is for a port; leave it out with --unix",
        "serve --transport quic               | Invalid value for option '--transport': 'quic' is none of best, epoll, io_uring, nio; see duplex serve --help",
        "connect                              | Missing required parameter: 'URL'; see duplex connect --help",
        "connect localhost:8080               | 'localhost:8080' is not the address of a WebSocket, such as ws://127.0.0.1:8080/echo",
        "connect ftp://localhost/             | 'ftp://localhost/' is not the address of a WebSocket, such as ws://127.0.0.1:8080/echo",
        "connect ws://                        | 'ws://' is not the address of a WebSocket, such as ws://127.0.0.1:8080/echo",
        "connect --header novalue ws://x/     | --header wants 'NAME: VALUE', not 'novalue'",
        "connect --proxy http://p ws+unix:/x  | a ws+unix: address goes with neither --unix nor --proxy",
        "connect --unix /a ws+unix:/x         | a ws+unix: address goes with neither --unix nor --proxy",
        "check --unix /a ws://x/ ws+unix:/x   | a ws+unix: address goes with neither --unix nor --proxy",
        "bench --proxy http://p ws+unix:/x    | a ws+unix: address goes with neither --unix nor --proxy",
        "bench                                | Missing required parameter: 'URL'; see duplex bench --help",
        "bench http://x/                      | a WebSocket URI must begin with ws:// or wss://: http://x/",
        "bench --rate 0 ws://x/               | --rate is messages a second, more than 0",
        "bench --rate NaN ws://x/             | --rate is messages a second, more than 0",
        "bench --rate 1e9 ws://x/             | a rate is at least 0 and at most 10000000 a second, not 1.0E9",
        "bench --mode idle --rate 5 ws://x/   | a rate is of messages, and this mode sends none",
        "bench --connections 0 ws://x/        | connections must be 1 or more, not 0",
        "bench --p99 5ms ws://x/              | --p99 wants a relation and a value, such as '<5ms', not '5ms'",
        "completion fish                      | Invalid value for positional parameter at index 0 (SHELL): expected one of [BASH, ZSH] (case-insensitive) but was 'fish'; see duplex completion --help",
    })
    void wrongUseIsOneLineAndStatus2(String args, String line) {
        Ran ran = Ran.duplex("", args == null ? new String[0] : args.split(" "));
        assertThat(ran.err()).isEqualTo("duplex: " + line + System.lineSeparator());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http2", "--cacert a", "--cert a", "--key a", "--p12 a", "--password-file a", "--insecure", "--proxy http://p", "--no-proxy a", "--unix /a"})
    void whatIsForServersIsNotForTheirClients(String option) {
        wrongUseIsOneLineAndStatus2("check --listen 0 " + option, "--listen waits for clients; --http2, --cacert, --cert, --key, --p12, --password-file, --insecure, "
                + "--proxy, --no-proxy and --unix are for URLs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "check", "bench"})
    void theHelpKeepsAddressesWhole(String command) {
        assertThat(Ran.duplex("", command, "--help").out()).contains("http://me:password@proxy.example:3128;", "localhost,example.com,10.0.0.0/8;");
    }

    @Test
    void helpHasExamplesForEachSubcommand() {
        for (String command : new String[] {"serve", "connect", "check", "bench", "lab", "completion"}) {
            assertThat(Ran.duplex("", command, "--help").out()).startsWith("Usage: duplex " + command).contains("Examples:");
        }
        assertThat(Ran.duplex("", "--help").out()).contains("Examples:");
    }

    /** Of 80 columns: picocli wraps what is longer, which is right for prose and wrong for these. */
    @ParameterizedTest
    @ValueSource(classes = {ServeCommand.class, ConnectCommand.class, CheckCommand.class, BenchCommand.class, LabCommand.class})
    void examplesAndTablesOfTheHelpFitALine(Class<?> command) {
        CommandLine.Command help = command.getAnnotation(CommandLine.Command.class);
        assertThat(Stream.of(help.description(), help.footer()).flatMap(Arrays::stream).filter(line -> line.startsWith("  ")))
                .isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void theVersionIsOneLine() {
        Ran ran = Ran.duplex("", "--version");
        assertThat(ran.out()).startsWith("duplex ").hasLineCount(1);
        assertThat(ran.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "BASH"})
    void completionIsAScriptThatKnowsEachOption(String shell) {
        Ran ran = Ran.duplex("", "completion", shell);
        assertThat(ran.out()).contains("complete -F", "--max-message-bytes", "--subprotocol");
        assertThat(ran.status()).isZero();
    }
}
