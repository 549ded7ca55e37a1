package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import dev.duplex.testkit.FickleProxy;
import dev.duplex.web.PageFile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code duplex.js} in a browser, behind proxies that let no WebSocket through. */
@Timeout(120)
@Tag("slow")
class DuplexSocketTest {
    /** Says numbered texts and bytes, some at once and some a while later, and notes in {@code window.got} what comes back. */
    private static final String TALK = """
            (window.got = [], window.events = [], import('/duplex.js').then(({DuplexSocket}) => {
              const socket = window.socket = new DuplexSocket('/echo', [], %s);
              socket.binaryType = 'arraybuffer';
              let number = 0;
              const say = count => { for (let i = 0; i < count; i++, number++) {
                if (number %% 2) socket.send(new Uint8Array([number, 0, 255])); else socket.send(number + ' é\\u{1F600}');
              } };
              socket.onopen = () => { events.push('open'); say(20); setTimeout(() => say(20), %d); };
              socket.onmessage = event => got.push(typeof event.data === 'string' ? event.data : [...new Uint8Array(event.data)].join());
              socket.onclose = event => events.push(`close ${event.code} ${event.reason} ${event.wasClean}`);
              socket.addEventListener('reconnecting', event => events.push(`reconnecting ${event.detail.code}`));
            }).catch(error => events.push(String(error))), true)""";

    private static final String RIGHT = """
            got.length === 40 && got.every((word, i) => word === (i % 2 ? `${i},0,255` : `${i} é\\u{1F600}`))""";

    private static WebSocketServer server;
    private static Nginx nginx;
    private static WebDriver browser;

    @BeforeAll
    static void start() throws Exception {
        server = withThePage().carrier(new Fallback())
                .endpoint("/echo", opening -> new Listener() {
                    @Override
                    public void onMessage(Connection connection, Message message) {
                        connection.send(message);
                    }

                    @Override
                    public Overflow overflow() {
                        return Overflow.PAUSE;
                    }
                })
                .endpoint("/bye", Endpoint.conversation(c -> c.close(4001, "enough")).speaking("a"))
                .start();
        browser = WebDriver.chromium();
        nginx = Nginx.before(server.port());
    }

    private static ServerBuilder withThePage() {
        ServerBuilder builder = WebSocketServer.builder().host("127.0.0.1").port(0)
                .http("/", query -> HttpAnswer.of(200, "text/html", new byte[0]).with("Content-Security-Policy", PageFile.CONTENT_SECURITY_POLICY));
        for (PageFile script : List.of(PageFile.DUPLEX_JS, PageFile.TUNNEL_JS, PageFile.CARRYING_JS, PageFile.FRAMING_JS)) {
            builder.http("/" + script.fileName(), query -> HttpAnswer.of(200, script.mediaType(), script.bytes()));
        }
        return builder;
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (nginx != null) {
            nginx.close();
        }
        if (server != null) {
            server.close(Duration.ofSeconds(3));
        }
    }

    private static void talk(String address, String options, int laterMillis) {
        browser.open(address + "/");
        browser.evaluate(TALK.formatted(options, laterMillis));
    }

    @ParameterizedTest
    @CsvSource({"NO_UPGRADE, stream, 500", "CUTS, stream, 7000", "BUFFERS, long, 500"})
    void itGetsThroughWhereNoWebSocketDoes(Nginx.Way way, String carrier, int laterMillis) throws Exception {
        talk(nginx.address(way), "{}", laterMillis);
        browser.await(RIGHT);
        assertThat(browser.evaluate("socket.carrier")).isEqualTo(carrier);
        assertThat(browser.evaluate("events.join()")).as("one connection all along").isEqualTo("open");
        browser.evaluate("socket.close(4000, 'done')");
        browser.await("events[1] === 'close 4000  true'");
    }

    /** A sign of life is an event, so that its absence can be seen. */
    @Test
    void serverSentEventsAreLeftWhereAProxyKeepsThemToItself() throws Exception {
        talk(nginx.address(Nginx.Way.BUFFERS), "{rungs: ['events', 'long'], proof: 1000}", 500);
        browser.await(RIGHT);
        assertThat(browser.evaluate("socket.carrier")).isEqualTo("long");
        browser.evaluate("socket.close()");
    }

    @Test
    void serverSentEventsGoOnWhereAProxyCutsThem() throws Exception {
        talk(nginx.address(Nginx.Way.CUTS), "{rungs: ['events', 'poll']}", 7000);
        browser.await(RIGHT);
        assertThat(browser.evaluate("socket.carrier")).isEqualTo("events");
        assertThat(browser.evaluate("events.join()")).as("one connection all along").isEqualTo("open");
        browser.evaluate("socket.close()");
    }

    @ParameterizedTest
    @CsvSource({"websocket", "stream", "events", "long", "poll"})
    void eachRungCarriesTheSame(String rung) throws Exception {
        talk("http://127.0.0.1:" + server.port(), "{rungs: ['" + rung + "'], pollInterval: 20}", 10);
        browser.await(RIGHT);
        assertThat(browser.evaluate("socket.carrier")).isEqualTo(rung);
        browser.evaluate("(got.length = 0, socket.send('x'.repeat(1000000)), socket.send(new Blob(['b', 'lob'])), socket.send('last'))");
        browser.await("got.length === 3 && got[0].length === 1000000 && got[1] === '98,108,111,98' && got[2] === 'last'");
        assertThat(browser.evaluate("[socket.bufferedAmount, socket.readyState, socket.OPEN, socket.url.startsWith('ws://')]"))
                .isEqualTo(List.of(0, 1, 1, true));
        browser.evaluate("socket.close()");
        browser.await("socket.readyState === 3");
    }

    @ParameterizedTest
    @CsvSource({"websocket", "stream", "events", "long"})
    void aCloseOfTheServerTellsItsCodeAndALossIsMadeGood(String rung) throws Exception {
        browser.open("http://127.0.0.1:" + server.port() + "/");
        browser.evaluate("""
                (window.events = [], import('/duplex.js').then(({DuplexSocket}) => {
                  const socket = window.socket = new DuplexSocket('/bye', ['x', 'a'], {rungs: ['%s'], reconnect: {first: 10, most: 100, settled: 10000}});
                  socket.onopen = () => events.push(`open ${socket.protocol}`);
                  socket.onreconnecting = event => events.push(`again ${event.detail.code} ${event.detail.reason}`);
                  socket.onclose = event => events.push('close');
                }), true)""".formatted(rung));
        browser.await("events.length >= 6");
        assertThat(browser.evaluate("events.slice(0, 4)")).isEqualTo(List.of("open a", "again 4001 enough", "open a", "again 4001 enough"));
        browser.evaluate("socket.close()");
        browser.await("socket.readyState === 3 && events.at(-1) === 'close'");
    }

    private static final String TALKING = """
            (window.got = [], window.events = [], window.said = 0, window.lap = 0, import('/duplex.js').then(({DuplexSocket}) => {
              const socket = window.socket = new DuplexSocket('/echo', [], {climbAfter: 100, proof: 500});
              window.say = count => { for (let i = 0; i < count; i++) socket.send(`${said++} é`); };
              socket.onopen = () => events.push('open');
              socket.onmessage = event => got.push(event.data);
              socket.onclose = event => events.push(`close ${event.code} ${event.wasClean}`);
              socket.onreconnecting = event => events.push(`reconnecting ${event.detail.code}`);
              setInterval(() => { if (socket.readyState === 1 && said - got.length < 500) say(20); }, 5);
            }), true)""";

    private static final String ALL_THERE = "got.length > lap + 200 && got.every((word, i) => word === `${i} é`)";

    /** Which rung is a matter of how fast the machine is. */
    private static final String BELOW = "window.socket && ['stream', 'long', 'poll'].includes(socket.carrier)";

    /** Everything that was said until now has come back, and a good deal more. */
    private static void awaitAnotherLap() throws Exception {
        browser.evaluate("(lap = said, true)");
        browser.await(ALL_THERE);
    }

    @Test
    void itClimbsAndFallsWhileItTalksAndNothingIsLost() throws Exception {
        try (FickleProxy proxy = new FickleProxy(server.port(), FickleProxy.Mood.REFUSE)) {
            browser.open("http://127.0.0.1:" + proxy.port() + "/");
            browser.evaluate(TALKING);
            browser.await(BELOW);
            awaitAnotherLap();
            proxy.become(FickleProxy.Mood.PASS);
            browser.await("window.socket.carrier === 'websocket'");
            awaitAnotherLap();
            proxy.become(FickleProxy.Mood.REFUSE);
            browser.await(BELOW);
            awaitAnotherLap();
            proxy.become(FickleProxy.Mood.PASS);
            browser.await("window.socket.carrier === 'websocket'");
            proxy.become(FickleProxy.Mood.SWALLOW);
            browser.await(BELOW);
            awaitAnotherLap();
            proxy.become(FickleProxy.Mood.PASS);
            proxy.cutAfter(50_000);
            int before = proxy.opened();
            for (int i = 0; i < 10; i++) {
                awaitAnotherLap();
            }
            assertThat(proxy.opened()).isGreaterThan(before);
            assertThat(browser.evaluate("events.join()")).as("one connection all along").isEqualTo("open");
        }
    }

    @Test
    void aWebSocketThatSwallowsFramesFromTheBeginningIsPassedBy() throws Exception {
        try (FickleProxy proxy = new FickleProxy(server.port(), FickleProxy.Mood.SWALLOW)) {
            talk("http://127.0.0.1:" + proxy.port(), "{proof: 500}", 100);
            browser.await(RIGHT);
            browser.await(BELOW);
            assertThat(browser.evaluate("events.join()")).isEqualTo("open");
            assertThat(proxy.swallowed()).isPositive();
        }
    }

    /** It answers every fetch at once with nothing, and every POST with the same, be it no answer at all. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1e999, 1", "0, 100000"})
    void aServerThatTakesNothingIsNotSentTheSameForEver(String word, int times) throws Exception {
        AtomicInteger posts = new AtomicInteger();
        AtomicInteger fetches = new AtomicInteger();
        try (WebSocketServer hostile = withThePage()
                .service("/echo", exchange -> {
                    if (exchange.method().equals("GET")) {
                        fetches.incrementAndGet();
                        exchange.answer(HttpAnswer.of(200, "application/octet-stream", new byte[0]));
                    } else if (exchange.query().query().contains("duplex=open")) {
                        exchange.answer(HttpAnswer.text(200, "AAAAAAAAAAAAAAAAAAAAAA\n\n"));
                    } else {
                        posts.incrementAndGet();
                        exchange.answer(HttpAnswer.text(200, word.repeat(times)));
                    }
                }).start()) {
            browser.open("http://127.0.0.1:" + hostile.port() + "/");
            browser.evaluate("""
                    (window.events = [], import('/duplex.js').then(({DuplexSocket}) => {
                      const socket = window.socket = new DuplexSocket('/echo', [], {rungs: ['long'], patience: 3000, reconnect: false});
                      socket.onopen = () => socket.send('x'.repeat(10000));
                      socket.onclose = event => events.push(`close ${event.code} ${event.reason} ${event.wasClean}`);
                    }), true)""");
            browser.await("events.length === 1");
            assertThat(browser.evaluate("events[0]")).isEqualTo("close 1006 the server takes nothing of what is sent false");
            assertThat(posts.get()).as("the last may have told the end").isBetween(2, 9);
            assertThat(fetches.get()).isLessThan(100);
        }
    }

    /** As any other maker's. */
    @Test
    void aServerThatKnowsNothingOfSessionsGetsAPlainWebSocket() throws Exception {
        try (WebSocketServer foreign = withThePage()
                .endpoint("/echo", Endpoint.conversation(c -> {
                    for (Message message : c) {
                        c.send(message);
                    }
                })).start()) {
            talk("http://127.0.0.1:" + foreign.port(), "{}", 100);
            browser.await(RIGHT);
            assertThat(browser.evaluate("[socket.carrier, events.join()]")).isEqualTo(List.of("websocket", "open"));
        }
    }

    /** Of a session over a WebSocket, over plain HTTP, of a plain one, and of the browser's own. */
    @Test
    void itEndsAsTheBrowsersOwn() throws Exception {
        browser.open("http://127.0.0.1:" + server.port() + "/");
        browser.evaluate("""
                (window.ends = [], import('/duplex.js').then(({DuplexSocket}) => {
                  const kinds = [url => new WebSocket(url), url => new DuplexSocket(url), url => new DuplexSocket(url, [], {rungs: ['stream']}),
                    url => new DuplexSocket(url, [], {rungs: ['websocket']})];
                  for (const [i, make] of kinds.entries()) {
                    for (const [j, how] of [[], [1000], [3001, 'why'], [4999, 'é']].entries()) {
                      const socket = make(`ws://${location.host}/echo`);
                      const seen = [];
                      for (const type of ['open', 'error', 'close', 'message']) socket.addEventListener(type, event => seen.push(type));
                      socket.binaryType = 'nonsense';
                      socket.onopen = () => socket.send(5);
                      socket.onmessage = event => { seen.push(event.data, event.origin, socket.extensions, socket.protocol); socket.close(...how); };
                      socket.onclose = event => {
                        seen.push(event.code, event.wasClean, socket.readyState, socket.binaryType, socket.bufferedAmount);
                        (ends[j] ??= [])[i] = seen.join();
                      };
                    }
                  }
                }), true)""");
        browser.await("ends.length === 4 && ends.every(end => end.length === 4 && end.every(Boolean))");
        assertThat(browser.evaluate("ends.map(end => new Set(end).size)")).as(String.valueOf(browser.evaluate("JSON.stringify(ends)")))
                .isEqualTo(List.of(1, 1, 1, 1));
    }

    @Test
    void itRefusesWhatTheBrowsersOwnRefuses() throws Exception {
        browser.open("http://127.0.0.1:" + server.port() + "/");
        browser.evaluate("""
                (window.names = [], import('/duplex.js').then(({DuplexSocket}) => {
                  const name = action => { try { action(); return 'nothing'; } catch (error) { return error.name; } };
                  for (const Kind of [DuplexSocket, WebSocket]) {
                    const socket = new Kind(`ws://${location.host}/echo`);
                    names.push([name(() => new Kind('ftp://x/')), name(() => new Kind('/echo', ['a', 'a'])), name(() => new Kind('/echo', 'a b')),
                      name(() => new Kind('/echo#here')), name(() => socket.send()), name(() => socket.send('early')), name(() => socket.close(1001)),
                      name(() => socket.close(3000, 'x'.repeat(124))), socket.readyState, socket.binaryType, socket.url].join());
                    socket.close();
                  }
                }), true)""");
        browser.await("names.length === 2");
        assertThat(browser.evaluate("names[0]")).isEqualTo(browser.evaluate("names[1]"));
    }
}
