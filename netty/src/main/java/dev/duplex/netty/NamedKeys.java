package dev.duplex.netty;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The keys of one end: a server shows the one for the name that the client asked for (RFC 6066 §3), else its first.
 *
 * <p>An alias is the number of an identity.
 */
final class NamedKeys extends X509ExtendedKeyManager {
    private final List<Identity> identities;

    NamedKeys(List<Identity> identities) {
        this.identities = identities;
    }

    /** The same, as a context is built of. */
    KeyManagerFactory factory() {
        KeyManager[] one = {this};
        return new KeyManagerFactory(new KeyManagerFactorySpi() {
            @Override
            protected void engineInit(KeyStore store, char[] password) {}

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {}

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return one.clone();
            }
        }, null, "named") {};
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        String host = engine.getHandshakeSession() instanceof ExtendedSSLSession session ? host(session.getRequestedServerNames()) : null;
        int[] named = host == null ? new int[0] : numbers(host);
        // Of two certificates for the same name, one may be of another kind: the first's own names are what is shown by default.
        return alias(named.length > 0 ? named : numbersLikeFirst(), keyType);
    }

    private static String host(List<SNIServerName> asked) {
        return asked.stream().filter(SNIHostName.class::isInstance).map(name -> ((SNIHostName) name).getAsciiName()).findFirst().orElse(null);
    }

    private int[] numbers(String host) {
        return IntStream.range(0, identities.size()).filter(i -> identities.get(i).isFor(host)).toArray();
    }

    private int[] numbersLikeFirst() {
        List<String> names = identities.getFirst().names();
        return IntStream.range(0, identities.size()).filter(i -> i == 0 || identities.get(i).names().equals(names)).toArray();
    }

    /** Null for a kind of key that none of these is: then the next kind is asked for. */
    private String alias(int[] numbers, String keyType) {
        return IntStream.of(numbers).filter(i -> identities.get(i).key().getAlgorithm().equals(keyType)).mapToObj(String::valueOf).findFirst().orElse(null);
    }

    private int[] all() {
        return IntStream.range(0, identities.size()).toArray();
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        for (String keyType : keyTypes) {
            String alias = alias(all(), keyType);
            if (alias != null) {
                return alias;
            }
        }
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(numbersLikeFirst(), keyType);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return IntStream.of(all()).mapToObj(String::valueOf).toArray(String[]::new);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private Identity identity(String alias) {
        return identities.get(Integer.parseInt(alias));
    }
}
