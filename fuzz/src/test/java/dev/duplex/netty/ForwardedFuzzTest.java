package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.Headers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in {@code Forwarded} and {@code X-Forwarded-*}: its right end is a proxy's, and the rest may be anyone's. */
class ForwardedFuzzTest {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String PAIR = "(" + TOKEN + ")=(?:" + TOKEN + "|\"(?:[^\"\\\\]|\\\\.)*+\")";
    private static final String ELEMENT = "[ \\t]*+(?:" + PAIR + "[ \\t]*+)?+(?:;[ \\t]*+(?:" + PAIR + "[ \\t]*+)?+)*+";
    /** The grammar of RFC 7239 §4, with empty elements and parameters. */
    private static final Pattern LINE = Pattern.compile(ELEMENT + "(?:," + ELEMENT + ")*+");
    private static final Pattern PART = Pattern.compile(",|" + PAIR);

    private static final Caller PROXY = new Caller(new InetSocketAddress("10.0.0.1", 4711), false, null);
    private static final Caller STRANGER = new Caller(new InetSocketAddress("198.51.100.9", 4711), false, null);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("203.0.113.7", 0);
    private static final TrustedProxies PROXIES = new TrustedProxies(List.of(Network.parse("10.0.0.0/8")), false);

    @FuzzTest(maxDuration = "60s")
    void aForwardedFieldMeansWhatItsGrammarSays(FuzzedDataProvider data) {
        List<String> lines = lines(data.consumeRemainingAsString());
        List<Hop> hops = ForwardedHeader.hops(lines);
        assertThat(hops != null).isEqualTo(lines.stream().allMatch(ForwardedFuzzTest::isWellFormed));
        if (hops != null) {
            // RFC 9110 §5.3: several lines are one list.
            assertThat(ForwardedHeader.hops(List.of(String.join(", ", lines)))).isEqualTo(hops);
            assertThat(ForwardedHeader.hops(hops.stream().map(ForwardedFuzzTest::written).toList())).isEqualTo(hops);
            hops.forEach(ForwardedFuzzTest::assertNoName);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void whatAClientWroteChangesNothingThatItsProxyWrote(FuzzedDataProvider data) {
        boolean isStandard = data.consumeBoolean();
        boolean isAppended = data.consumeBoolean();
        boolean isThroughTwo = data.consumeBoolean();
        List<String> standard = new ArrayList<>(lines(data.consumeString(200)));
        List<String> usual = new ArrayList<>(lines(data.consumeString(200)));
        String told = isStandard ? "for=203.0.113.7;proto=https;host=real.example" : "203.0.113.7";
        write(isStandard ? standard : usual, isAppended, told + (!isThroughTwo ? "" : isStandard ? ", for=10.0.0.2" : ", 10.0.0.2"));
        Headers headers = with(with(Headers.empty(), "Forwarded", standard), "X-Forwarded-For", usual);
        headers = with(headers, "X-Forwarded-Proto", lines(data.consumeString(100)));
        headers = with(headers, "X-Forwarded-Host", lines(data.consumeRemainingAsString()));

        assertThat(PROXIES.caller(STRANGER, headers)).as("who is not trusted is not asked").isSameAs(STRANGER);
        assertThat(TrustedProxies.NONE.caller(PROXY, headers)).isSameAs(PROXY);
        Caller caller = PROXIES.caller(PROXY, headers);
        if (caller != null) {
            assertThat(((InetSocketAddress) caller.address()).getAddress()).isEqualTo(CLIENT.getAddress());
            assertThat(caller.hostName().orElse("")).matches("[a-z0-9._~-]*|\\[[0-9a-f:.]+]");
            if (isStandard) {
                assertThat(caller.isSecure()).isTrue();
                assertThat(caller.host()).isEqualTo("real.example");
            }
        }
    }

    /** A proxy appends to the last line, or adds one of its own. */
    private static void write(List<String> lines, boolean isAppended, String told) {
        if (isAppended && !lines.isEmpty()) {
            lines.add(lines.removeLast() + ", " + told);
        } else {
            lines.add(told);
        }
    }

    private static Headers with(Headers headers, String name, List<String> lines) {
        Headers more = headers;
        for (String line : lines) {
            more = more.with(name, line);
        }
        return more;
    }

    /** Those that can be the value of a field. */
    private static List<String> lines(String text) {
        return text.lines().limit(4).map(line -> line.replaceAll("[^\\t -~\\xa0-\\xff]", "")).toList();
    }

    private static boolean isWellFormed(String line) {
        Set<String> names = new HashSet<>();
        Matcher part = PART.matcher(line);
        boolean isWellFormed = LINE.matcher(line).matches();
        while (isWellFormed && part.find()) {
            if (part.group(1) == null) {
                names.clear();
            } else {
                isWellFormed = names.add(part.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return isWellFormed;
    }

    private static String written(Hop hop) {
        return "secret=_x" + written("for", hop.node()) + written("proto", hop.proto()) + written("host", hop.host());
    }

    private static String written(String name, String value) {
        return value == null ? "" : ";" + name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void assertNoName(Hop hop) {
        if (hop.address() != null) {
            assertThat(hop.address().isUnresolved()).as("an address, never a name that is asked for").isFalse();
        }
        if (hop.authority() != null) {
            assertThat(hop.authority()).matches("[A-Za-z0-9._~:\\[\\]-]+");
        }
    }
}
