package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTermsTest {
    private static final DeflateOptions FREE = DeflateOptions.defaults().withContextTakeover();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "permessage-deflate | permessage-deflate",
        "permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits | permessage-deflate",
        "permessage-deflate; client_max_window_bits=15 | permessage-deflate",
        "permessage-deflate; client_max_window_bits=9 | permessage-deflate; client_max_window_bits=9",
        "permessage-deflate; client_max_window_bits=\"1\\0\" | permessage-deflate; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=9 | permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=8 | permessage-deflate; server_max_window_bits=8"})
    @Rfc(number = 7692, section = "7.1", rule = "what a client asks of the server is granted, and told in the answer")
    void aServerThatWantsNothingGrantsWhatIsAsked(String offer, String answer) {
        assertThat(agree(offer, FREE)).contains(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "permessage-deflate | permessage-deflate; server_max_window_bits=11",
        "permessage-deflate; server_max_window_bits=9 | permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=11",
        "permessage-deflate; client_max_window_bits | permessage-deflate; server_max_window_bits=11; client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits=14 | permessage-deflate; server_max_window_bits=11; client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits=10 | permessage-deflate; server_max_window_bits=11; client_max_window_bits=10"})
    @Rfc(number = 7692, section = "7.1.2.1", rule = "the server's window is the smaller of the asked one and its own")
    @Rfc(number = 7692, section = "7.1.2.2", rule = "the client's window is limited only if the client told that it can be")
    void aServersOwnWindowsAreKept(String offer, String answer) {
        assertThat(agree(offer, FREE.withMaxWindowBits(11, 12))).contains(answer);
    }

    @Test
    @Rfc(number = 7692, section = "7.1.1.2", rule = "a server may forbid the client's context takeover unasked")
    void aServerWithoutContextTakeoverSaysSoUnasked() {
        assertThat(agree("permessage-deflate", DeflateOptions.defaults()))
                .contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "server_max_window_bits", "server_max_window_bits=", "server_max_window_bits=\"\"", "server_max_window_bits=7",
        "server_max_window_bits=16", "server_max_window_bits=0", "server_max_window_bits=015", "server_max_window_bits=08",
        "server_max_window_bits=1", "server_max_window_bits=115", "server_max_window_bits=-9", "server_max_window_bits=+9",
        "server_max_window_bits=9.0", "server_max_window_bits=0x9", "server_max_window_bits=abc", "server_max_window_bits=99999999999",
        "server_max_window_bits=10; server_max_window_bits=10", "server_max_window_bits=10; server_max_window_bits=11",
        "client_max_window_bits=", "client_max_window_bits=\"\"", "client_max_window_bits=7", "client_max_window_bits=16",
        "client_max_window_bits=015", "client_max_window_bits=true", "client_max_window_bits; client_max_window_bits",
        "client_max_window_bits=10; client_max_window_bits", "client_max_window_bits; client_max_window_bits=10",
        "server_no_context_takeover=", "server_no_context_takeover=true", "server_no_context_takeover=1",
        "server_no_context_takeover; server_no_context_takeover", "client_no_context_takeover=false", "client_no_context_takeover=\"\"",
        "client_no_context_takeover; client_no_context_takeover", "unknown", "unknown=1", "SERVER_NO_CONTEXT_TAKEOVER",
        "Client_Max_Window_Bits=10", "server_no_context_takeover; __proto__", "mem_level=8"})
    @Rfc(number = 7692, section = "7.1", rule = "an offer with an unknown, doubled or wrong parameter is declined, and the next one tried")
    void aWrongOfferIsDeclinedAndTheNextOneTried(String parameters) {
        assertThat(agree("permessage-deflate; " + parameters, FREE)).isEmpty();
        assertThat(agree("permessage-deflate; " + parameters + ", permessage-deflate; server_max_window_bits=10", FREE))
                .contains("permessage-deflate; server_max_window_bits=10");
        assertThat(agree("permessage-deflate; " + parameters + ", other", FREE)).isEmpty();
    }

    @Test
    @Rfc(number = 7692, section = "5.1", rule = "of several right offers the first is taken")
    void theFirstRightOfferIsTaken() {
        assertThat(agree("other, permessage-deflate; server_max_window_bits=10, permessage-deflate", FREE))
                .contains("permessage-deflate; server_max_window_bits=10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "permessage-DEFLATE", "x-webkit-deflate-frame", "permessage-deflate2"})
    void otherExtensionsAreNotCompression(String offer) {
        List<Extension> offers = offer.isEmpty() ? List.of() : Extension.parse(List.of(offer)).orElseThrow();
        assertThat(DeflateTerms.agree(offers, FREE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "true  | true  | 15 | 15 | permessage-deflate; client_max_window_bits",
        "false | false | 15 | 15 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits",
        "true  | false | 9  | 15 | permessage-deflate; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits",
        "false | true  | 15 | 10 | permessage-deflate; server_no_context_takeover; client_max_window_bits=10"})
    @Rfc(number = 7692, section = "7.1", rule = "a client offers what it wants of the server and what it can do itself")
    void aClientOffersWhatItsOptionsSay(boolean server, boolean client, int serverBits, int clientBits, String offer) {
        DeflateOptions options = new DeflateOptions(server, client, serverBits, clientBits, 0, 6);
        assertThat(DeflateTerms.offer(options).toString()).isEqualTo(offer);
    }

    @Test
    void bothEndsAlwaysAgreeOnTheSameParametersAndKeepWhatEachWants() {
        List<DeflateOptions> all = everyKindOfOptions();
        for (DeflateOptions client : all) {
            for (DeflateOptions server : all) {
                DeflateTerms.Agreement agreement = DeflateTerms.agree(List.of(DeflateTerms.offer(client)), server).orElseThrow();
                DeflateTerms answer = DeflateTerms.parse(agreement.extension(), false).orElseThrow();
                DeflateParameters agreed = agreement.parameters();
                assertThat(answer.misfit(client)).isEmpty();
                assertThat(answer.agreedWith(client)).isEqualTo(agreed);
                assertThat(agreed).isEqualTo(new DeflateParameters(
                        !client.serverContextTakeover() || !server.serverContextTakeover(),
                        !client.clientContextTakeover() || !server.clientContextTakeover(),
                        Math.min(client.serverMaxWindowBits(), server.serverMaxWindowBits()),
                        Math.min(client.clientMaxWindowBits(), server.clientMaxWindowBits())));
            }
        }
    }

    private static List<DeflateOptions> everyKindOfOptions() {
        List<DeflateOptions> all = new ArrayList<>();
        for (int kind = 0; kind < 4 * 8 * 8; kind++) {
            all.add(new DeflateOptions((kind & 1) != 0, (kind & 2) != 0, 8 + (kind >> 2 & 7), 8 + (kind >> 5 & 7), 0, 6));
        }
        return all;
    }

    private static Optional<String> agree(String offers, DeflateOptions options) {
        return DeflateTerms.agree(Extension.parse(List.of(offers)).orElseThrow(), options)
                .map(agreement -> agreement.extension().toString());
    }
}
