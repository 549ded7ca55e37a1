package dev.duplex.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Where the server under test listens. */
record Target(URI uri, SSLContext tls, boolean verified, boolean http2, Dial dial) {

    /** The sockets of one connection; both are the same without TLS, and over HTTP/2, where they are a stream. */
    record Sockets(Socket socket, Socket plain) {}

    static Target of(URI uri, Options options, Dial dial) {
        Optional<SSLContext> own = options.tls();
        boolean secure = "wss".equals(uri.getScheme());
        if (!secure && !"ws".equals(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not a ws:// or wss:// address: " + uri);
        }
        try {
            SSLContext context = secure ? own.isPresent() ? own.get() : SSLContext.getInstance("TLS") : null;
            if (secure && own.isEmpty()) {
                context.init(null, options.insecure() ? new TrustManager[] {new TrustAnyone()} : null, null);
            }
            return new Target(uri, context, !options.insecure(), options.http2(), dial);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    int port() {
        return uri.getPort() >= 0 ? uri.getPort() : tls == null ? 80 : 443;
    }

    String path() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** The Host field: the port only when it is not the usual one (RFC 6455 §4.1). */
    String host() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** The origin of a page that this server itself would serve. */
    String origin() {
        return (tls == null ? "http://" : "https://") + host();
    }

    Sockets connect(Duration patience) throws IOException {
        Socket plain = dial.connect(uri.getHost().replaceAll("[\\[\\]]", ""), port(), patience);
        plain.setSoTimeout((int) patience.toMillis());
        Socket spoken = tls == null ? plain : secured(plain);
        if (!http2) {
            return new Sockets(spoken, plain);
        }
        StreamSocket stream = new StreamSocket(spoken);
        stream.setSoTimeout((int) patience.toMillis());
        return new Sockets(stream, stream);
    }

    private SSLSocket secured(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, uri.getHost(), port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (verified) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (http2) {
            parameters.setApplicationProtocols(new String[] {"h2"});
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (http2 && !"h2".equals(socket.getApplicationProtocol())) {
            plain.close();
            throw new ProtocolException("it does not choose HTTP/2 in TLS");
        }
        return socket;
    }

    /** Sends a request, and reads the head of its answer. @param in of the socket */
    HttpHead ask(Sockets sockets, HeadText request, InputStream in) throws IOException {
        if (sockets.socket() instanceof StreamSocket stream) {
            return stream.ask(List.of(new String[] {":method", "CONNECT"}, new String[] {":protocol", "websocket"},
                    new String[] {":scheme", tls == null ? "http" : "https"}, new String[] {":authority", host()}, new String[] {":path", path()}), request);
        }
        byte[] bytes = request.bytes();
        int step = request.cutBytes() == 0 ? bytes.length : request.cutBytes();
        for (int at = 0; at < bytes.length; at += step) {
            sockets.socket().getOutputStream().write(bytes, at, Math.min(step, bytes.length - at));
        }
        return HttpHead.read(in);
    }

    /** Whether an answer opens the WebSocket: 101, and over HTTP/2 any 2xx (RFC 8441 §5). */
    boolean isOpening(HttpHead answer) {
        return http2 ? answer.status() / 100 == 2 : answer.status() == 101;
    }

    /** Takes any certificate: for servers that sign their own. */
    private static final class TrustAnyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
