package dev.duplex.cli;

import dev.duplex.netty.Tls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a listening command shows to be trusted, and whom it asks for the same. */
final class TlsOptions {

    @Option(names = "--tls-cert", paramLabel = "PEM",
            description = "Serve https and wss with this certificate chain; repeated, each with its --tls-key, for several names (SNI).")
    private List<Path> certificates = List.of();

    @Option(names = "--tls-key", paramLabel = "PEM", description = "The certificate's private key; unencrypted PKCS#8.")
    private List<Path> keys = List.of();

    @Option(names = "--tls-p12", paramLabel = "FILE", description = "The same from a PKCS#12 store, which --tls-password-file opens; may be repeated.")
    private List<Path> stores = List.of();

    @Option(names = "--tls-password-file", paramLabel = "FILE", description = "Its first line is the password of --tls-p12.")
    private Path passwordFile;

    @Option(names = "--client-ca", paramLabel = "PEM", description = "Let in only clients with a certificate that these vouch for.")
    private Path clientTrust;

    @Option(names = "--client-cert-optional", description = "With --client-ca: a client may also show none.")
    private boolean isClientOptional;

    @Option(names = "--tls-self-signed", description = "Serve https and wss with a certificate made on the spot, which nobody trusts.")
    private boolean selfSigned;

    /** Empty if no option asks for TLS. */
    Optional<Tls> tls() {
        List<Tls> all = shown();
        if (clientTrust == null && isClientOptional) {
            throw Complaint.wrongUse("--client-cert-optional needs --client-ca, which says who vouches for clients");
        }
        if (all.isEmpty()) {
            if (clientTrust != null) {
                throw Complaint.wrongUse("--client-ca needs TLS: --tls-cert with --tls-key, --tls-p12 or --tls-self-signed");
            }
            return Optional.empty();
        }
        Tls tls = all.stream().reduce(Tls::and).orElseThrow();
        return Optional.of(clientTrust == null ? tls : isClientOptional ? tls.askClients(clientTrust) : tls.requireClients(clientTrust));
    }

    private List<Tls> shown() {
        if (certificates.size() != keys.size()) {
            throw Complaint.wrongUse("--tls-cert and --tls-key go together");
        }
        if (stores.isEmpty() != (passwordFile == null)) {
            throw Complaint.wrongUse("--tls-p12 and --tls-password-file go together");
        }
        List<Tls> all = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            all.add(Tls.pem(certificates.get(i), keys.get(i)));
        }
        stores.forEach(store -> all.add(Tls.pkcs12(store, passwordFile)));
        if (selfSigned && !all.isEmpty()) {
            throw Complaint.wrongUse("--tls-self-signed makes its own certificate; leave out --tls-cert and --tls-key");
        }
        return selfSigned ? List.of(Tls.selfSigned()) : all;
    }
}
