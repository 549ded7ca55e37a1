package dev.duplex.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A key with a certificate that it signs itself, in every kind of file, made by the JDK's keytool.
 *
 * @param passwordFile the store's
 */
record Keys(Path store, Path passwordFile, Path certificate, Path key) {
    private static final String PASSWORD = "wonderland";

    /** @param san such as {@code dns:localhost} */
    static Keys make(Path directory, String name, String algorithm, String san) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-genkeypair", "-alias", "a", "-keyalg", algorithm, "-dname", "CN=" + name, "-ext", "san=" + san, "-startdate", "-1d", "-validity", "30",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        if (new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve(name + ".log").toFile()).start().waitFor() != 0) {
            throw new AssertionError("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new Keys(store, Files.writeString(directory.resolve(name + ".password"), PASSWORD + "\n"),
                Files.writeString(directory.resolve(name + ".pem"), pem("CERTIFICATE", keys.getCertificate("a").getEncoded())),
                Files.writeString(directory.resolve(name + ".key"), pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded())));
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    Tls pem() {
        return Tls.pem(certificate, key);
    }

    Tls pkcs12() {
        return Tls.pkcs12(store, passwordFile);
    }

    /** For a client of the JDK that shows this certificate. */
    KeyManager[] managers() throws IOException, GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }
}
