package dev.duplex.cli;

import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;

/** What a connecting command shows to a server, and whom it trusts. */
final class ClientTlsOptions {

    @Option(names = "--cacert", paramLabel = "PEM", description = "Trust the certificates that these vouch for, instead of the system's.")
    private Path trusted;

    @Option(names = "--cert", paramLabel = "PEM", description = "Show this certificate chain to a server that asks for one.")
    private Path certificates;

    @Option(names = "--key", paramLabel = "PEM", description = "The certificate's private key; unencrypted PKCS#8.")
    private Path key;

    @Option(names = "--p12", paramLabel = "FILE", description = "The same from a PKCS#12 store, which --password-file opens.")
    private Path store;

    @Option(names = "--password-file", paramLabel = "FILE", description = "Its first line is the password of --p12.")
    private Path passwordFile;

    @Option(names = "--insecure", description = "Trust every certificate: for trials on one's own machine alone.")
    private boolean insecure;

    boolean isInsecure() {
        return insecure;
    }

    boolean isGiven() {
        return insecure || trusted != null || certificates != null || key != null || store != null || passwordFile != null;
    }

    void in(ClientBuilder builder) {
        if (certificates != null != (key != null)) {
            throw Complaint.wrongUse("--cert and --key go together");
        }
        if (store != null != (passwordFile != null)) {
            throw Complaint.wrongUse("--p12 and --password-file go together");
        }
        if (store != null && key != null) {
            throw Complaint.wrongUse("show one certificate: --cert with --key, or --p12");
        }
        if (insecure && trusted != null) {
            throw Complaint.wrongUse("--insecure trusts everyone; leave out --cacert");
        }
        if (trusted != null) {
            builder.trust(trusted);
        }
        if (insecure) {
            builder.insecure();
        }
        if (key != null) {
            builder.certificate(Tls.pem(certificates, key));
        } else if (store != null) {
            builder.certificate(Tls.pkcs12(store, passwordFile));
        }
    }

    /**
     * The same for what opens its connections by itself; empty if the system's trust will do, or any.
     *
     * @throws Complaint if a file cannot be used
     */
    Optional<SSLContext> sslContext() {
        ClientBuilder builder = WebSocketClient.builder();
        in(builder);
        if (trusted == null && key == null && store == null) {
            return Optional.empty();
        }
        try (WebSocketClient client = builder.build()) {
            return client.settings().sslContext();
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
    }
}
