package dev.duplex.bench;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * Tomcat with jakarta.websocket.
 *
 * <p>It sets aside a buffer of the largest message for each connection, so large messages have an endpoint of their own, as one
 * would do: with one for all, 10,000 connections would not fit into its memory.
 */
public final class TomcatServer {
    private static final Map<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();

    private TomcatServer() {}

    public static void main(String... args) throws Exception {
        Given given = Given.of(args);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory(Files.createDirectories(Path.of("target")), "tomcat").toString());
        Connector connector = new Connector("HTTP/1.1");
        connector.setPort(given.port());
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxConnections", "20000");
        if (given.hasTls()) {
            secure(connector, given);
        }
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addApplicationListener(Endpoints.class.getName());
        // What is no WebSocket still needs a servlet, or the filter that upgrades is never asked.
        Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet").addMapping("/");
        tomcat.start();
    }

    private static void secure(Connector connector, Given given) {
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(given.keys().resolve("keys.p12").toString());
        certificate.setCertificateKeystorePassword(new String(Given.PASSWORD));
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
    }

    /** Makes the endpoints known once the container is there. */
    public static final class Endpoints implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServerContainer container = (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
            try {
                container.addEndpoint(Echo.class);
                container.addEndpoint(LargeEcho.class);
                container.addEndpoint(Room.class);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Echoes messages of up to 8 KiB, Tomcat's default. */
    @ServerEndpoint("/echo")
    public static final class Echo {
        @OnMessage
        public void text(Session session, String message) throws IOException {
            session.getBasicRemote().sendText(message);
        }

        @OnMessage
        public void binary(Session session, ByteBuffer message) throws IOException {
            session.getBasicRemote().sendBinary(message);
        }
    }

    /** Echoes messages of up to 1 MiB. */
    @ServerEndpoint("/large")
    public static final class LargeEcho {
        @OnMessage(maxMessageSize = 1 << 20)
        public void binary(Session session, ByteBuffer message) throws IOException {
            session.getBasicRemote().sendBinary(message);
        }
    }

    /** What one says all others hear. */
    @ServerEndpoint("/room/{name}")
    public static final class Room {
        @OnOpen
        public void open(Session session, @PathParam("name") String name) {
            ROOMS.computeIfAbsent(name, created -> ConcurrentHashMap.newKeySet()).add(session);
        }

        @OnMessage
        public void text(Session session, String message, @PathParam("name") String name) throws IOException {
            for (Session other : ROOMS.get(name)) {
                if (other != session) {
                    other.getBasicRemote().sendText(message);
                }
            }
        }

        @OnClose
        public void close(Session session, @PathParam("name") String name) {
            ROOMS.get(name).remove(session);
        }
    }
}
