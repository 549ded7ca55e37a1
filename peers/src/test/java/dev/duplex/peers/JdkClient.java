package dev.duplex.peers;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** The JDK's own WebSocket client as a peer. */
final class JdkClient implements Peer, WebSocket.Listener {
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private WebSocket socket;

    @Override
    public void command(Map<String, Object> command) {
        switch ((String) command.get("do")) {
            case "open" -> socket = http.newWebSocketBuilder().buildAsync(URI.create((String) command.get("url")), this).join();
            case "text" -> socket.sendText((String) command.get("text"), true).join();
            case "binary" -> socket.sendBinary(ByteBuffer.wrap(Base64.getDecoder().decode((String) command.get("data"))), true).join();
            case "fragments" -> sendFragments((List<?>) command.get("texts"));
            case "close" -> socket.sendClose((int) command.get("code"), (String) command.get("reason")).join();
            default -> throw new IllegalArgumentException("no such command: " + command);
        }
    }

    private void sendFragments(List<?> texts) {
        for (Iterator<?> each = texts.iterator(); each.hasNext(); ) {
            String part = (String) each.next();
            socket.sendText(part, !each.hasNext()).join();
        }
    }

    @Override
    public Map<String, Object> event() {
        return Script.next(events, "jdk");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public void onOpen(WebSocket opened) {
        events.add(Map.of("on", "open", "extensions", ""));
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            events.add(Map.of("on", "text", "text", text.toString()));
            text.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            events.add(Map.of("on", "binary", "data", Base64.getEncoder().encodeToString(binary.toByteArray())));
            binary.reset();
        }
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        events.add(Map.of("on", "close", "code", code, "reason", reason, "clean", true));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.add(Map.of("on", "error", "message", error.toString()));
    }
}
