package dev.duplex.conformance;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Where the server under test listens. */
record Target(URI uri, SSLContext tls, boolean verified, Dial dial) {

    /** The sockets of one connection; both are the same without TLS. */
    record Sockets(Socket socket, Socket plain) {}

    static Target of(URI uri, boolean insecure, Optional<SSLContext> own, Dial dial) {
        boolean secure = "wss".equals(uri.getScheme());
        if (!secure && !"ws".equals(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not a ws:// or wss:// address: " + uri);
        }
        try {
            SSLContext context = secure ? own.isPresent() ? own.get() : SSLContext.getInstance("TLS") : null;
            if (secure && own.isEmpty()) {
                context.init(null, insecure ? new TrustManager[] {new TrustAnyone()} : null, null);
            }
            return new Target(uri, context, !insecure, dial);
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
        if (tls == null) {
            return new Sockets(plain, plain);
        }
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, uri.getHost(), port(), true);
        if (verified) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return new Sockets(socket, plain);
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
