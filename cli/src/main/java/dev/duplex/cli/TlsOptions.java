package dev.duplex.cli;

import dev.duplex.netty.Tls;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a listening command shows to be trusted. */
final class TlsOptions {

    @Option(names = "--tls-cert", paramLabel = "PEM", description = "Serve https and wss with this certificate chain.")
    private Path certificates;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "The certificate's private key.")
    private Path key;

    @Option(names = "--tls-self-signed", description = "Serve https and wss with a certificate made on the spot, which nobody trusts.")
    private boolean selfSigned;

    /** Empty if no option asks for TLS. */
    Optional<Tls> tls() {
        if (certificates != null != (key != null)) {
            throw Complaint.wrongUse("--tls-cert and --tls-key go together");
        }
        if (selfSigned && key != null) {
            throw Complaint.wrongUse("--tls-self-signed makes its own certificate; leave out --tls-cert and --tls-key");
        }
        return key != null ? Optional.of(Tls.pem(certificates, key)) : selfSigned ? Optional.of(Tls.selfSigned()) : Optional.empty();
    }
}
