package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A raw server that plays the cases against the clients that ask for them. Safe for any thread. */
public final class ClientCheck implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final long RUNNING_POLL_MILLIS = 5;
    private final ServerSocket listening;
    private final SSLContext tls;
    private final Options options;
    private final Progress progress;
    private final List<Case> cases;
    private final Map<String, Result[]> agents = new LinkedHashMap<>();
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private volatile long lastHeardNanos = System.nanoTime();
    private volatile String lastCase = "";
    private final AtomicInteger running = new AtomicInteger();
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

    /** @param tls what the clients' connections are wrapped in; {@code null} for none */
    ClientCheck(InetSocketAddress address, SSLContext tls, Options options, Progress progress) throws IOException {
        this.tls = tls;
        this.options = options;
        this.progress = progress;
        this.cases = options.cases(false);
        this.listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(address, BACKLOG);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** The port that clients connect to. */
    public int port() {
        return listening.getLocalPort();
    }

    /**
     * Waits until a client asks for {@code /updateReports}, and returns its report; or until a client that has begun has
     * said nothing for the given time, and returns what there is, with the case after which it fell silent. While a case is
     * played nobody is called silent: a long one may take minutes, and has its own patience.
     */
    public Report awaitReport(Duration silence) throws InterruptedException {
        while (true) {
            Report report = reports.poll(silence.toMillis() / 10 + 1, TimeUnit.MILLISECONDS);
            if (report != null) {
                return report;
            }
            synchronized (agents) {
                boolean silent = running.get() == 0 && System.nanoTime() - lastHeardNanos > silence.toNanos();
                if (silent && !agents.isEmpty()) {
                    String agent = agents.keySet().iterator().next();
                    finish(agent, "The client fell silent: the last case that it asked for was " + lastCase + ".");
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) options.patience().toMillis());
            Socket socket = tls == null ? plain : tls.getSocketFactory().createSocket(plain, null, true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            HttpHead request = HttpHead.read(in);
            lastHeardNanos = System.nanoTime();
            route(new Target.Sockets(socket, plain), in, request);
        } catch (IOException e) {
            // A client that goes away before its case has begun is judged by the case that it never asked for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void route(Target.Sockets sockets, InputStream in, HttpHead request) throws IOException, InterruptedException {
        String[] words = request.startLine().split(" ");
        String target = words.length > 1 ? words[1] : "/";
        int mark = target.indexOf('?');
        Map<String, String> query = query(mark < 0 ? "" : target.substring(mark + 1));
        String agent = query.getOrDefault("agent", "client");
        switch (mark < 0 ? target : target.substring(0, mark)) {
            case "/runCase" -> runCase(number(query), agent, sockets, in, request);
            case "/getCaseCount" -> tell(String.valueOf(cases.size()), sockets, in, request);
            case "/getCaseInfo" -> tell(info(number(query)), sockets, in, request);
            case "/getCaseStatus" -> tell(status(number(query), agent), sockets, in, request);
            case "/updateReports" -> {
                tell("", sockets, in, request);
                awaitRunning();
                finish(agent, "");
            }
            default -> sockets.socket().getOutputStream().write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static int number(Map<String, String> query) {
        String number = query.getOrDefault("case", "");
        return number.matches("[0-9]{1,6}") ? Integer.parseInt(number) : 0;
    }

    private boolean exists(int number) {
        return number >= 1 && number <= cases.size();
    }

    private void runCase(int number, String agent, Target.Sockets sockets, InputStream in, HttpHead request) throws IOException, InterruptedException {
        if (!exists(number)) {
            sockets.socket().getOutputStream().write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        lastCase = cases.get(number - 1).id();
        boolean freshNonce = nonces.add(request.value("Sec-WebSocket-Key"));
        synchronized (agents) {
            agents.computeIfAbsent(agent, a -> new Result[cases.size()]);
        }
        running.incrementAndGet();
        try {
            Result result = new ClientCase(cases.get(number - 1), sockets, in, request, options, freshNonce).run();
            judged(number, agent, result);
        } finally {
            lastHeardNanos = System.nanoTime();
            running.decrementAndGet();
        }
    }

    private void judged(int number, String agent, Result result) {
        int done;
        synchronized (agents) {
            Result[] results = agents.computeIfAbsent(agent, a -> new Result[cases.size()]);
            results[number - 1] = result;
            done = (int) java.util.Arrays.stream(results).filter(r -> r != null).count();
            progress.judged(agent, result, done, cases.size());
        }
    }

    private String info(int number) {
        return exists(number) ? "{\"id\":\"" + cases.get(number - 1).id() + "\",\"description\":\"" + cases.get(number - 1).title().replace("\"", "'") + "\"}" : "{}";
    }

    private String status(int number, String agent) {
        synchronized (agents) {
            Result[] results = agents.get(agent);
            Result result = results == null || !exists(number) ? null : results[number - 1];
            return "{\"behavior\":\"" + (result == null ? "MISSING" : result.verdict().label()) + "\"}";
        }
    }

    /** Sends one text and closes: how the field's test clients are told things. */
    private void tell(String text, Target.Sockets sockets, InputStream in, HttpHead request) throws IOException, InterruptedException {
        sockets.socket().getOutputStream().write(Opening.answer(request, "", List.of()).bytes());
        Link link = new Link(sockets.socket(), sockets.plain(), in, true, null, new WireLog(), options.patience());
        FrameWriter writer = new FrameWriter(false);
        if (!text.isEmpty()) {
            link.write(writer.frame(new Frame(true, 0, Frame.TEXT, text.getBytes(StandardCharsets.UTF_8)), Step.Form.RIGHT), 0);
        }
        link.write(writer.frame(new Frame(true, 0, Frame.CLOSE, new byte[] {3, (byte) 232}), Step.Form.RIGHT), 0);
        for (Event event = link.next(); event != null && !(event instanceof Event.Close) && !(event instanceof Event.Ended);) {
            event = link.next();
        }
        link.halfClose();
        link.next();
    }

    /** A client may ask for its report while the checker still sees its last connection off. */
    private void awaitRunning() throws InterruptedException {
        long end = System.nanoTime() + 2 * options.patience().toNanos();
        while (running.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(RUNNING_POLL_MILLIS);
        }
    }

    private void finish(String agent, String death) {
        synchronized (agents) {
            reports.add(report(agent, death));
            agents.remove(agent);
        }
    }

    private Report report(String agent, String death) {
        Result[] results = agents.getOrDefault(agent, new Result[cases.size()]);
        List<Result> all = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            Case c = cases.get(i);
            all.add(results[i] != null ? results[i]
                    : new Result(c.id(), c.group(), c.title(), c.section(), Verdict.FAIL, "The client never asked for this case.", 0, List.of()));
        }
        return new Report(agent, "client", "1.1", death, all);
    }
}
