package io.balsa.processes;

import io.balsa.bytes.HostPort;
import io.balsa.certs.KeyFiles;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.tls.ClientTls;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the servers and the proxy of an instrument are secured: their flags, and how a client reaches
 * them. With TLS, every side shows a certificate and checks the other's. Keys and the password of
 * {@code root} are in files that only their owner may read; neither is ever in an argument of a
 * process.
 */
public final class ClusterSecurity implements AutoCloseable {
  private static final int PASSWORD_BYTES = 18;

  private final SecurityWish wish;
  private final Path passwordFile;
  private final Credentials.@Nullable Password root;
  private final @Nullable PlaygroundCertificates certificates;
  private final ClientTls tls;

  private ClusterSecurity(SecurityWish wish, Path folder) throws IOException, TlsFailure {
    this.wish = wish;
    this.passwordFile = folder.resolve("root-password");
    this.root = wish.users() ? new Credentials.Password("root", password(passwordFile)) : null;
    this.certificates = wish.tls() ? PlaygroundCertificates.in(folder.resolve("certs")) : null;
    this.tls = certificates == null ? ClientTls.OF_SYSTEM : tls(certificates);
  }

  /**
   * Makes the certificates and the password that are missing in a folder.
   *
   * @throws InstrumentFailure when a file is bad or cannot be written
   */
  static ClusterSecurity open(SecurityWish wish, Path folder) {
    try {
      return new ClusterSecurity(wish, folder);
    } catch (IOException failed) {
      throw new InstrumentFailure(
          "no certificates or password in " + folder + ": " + failed.getMessage(), failed);
    } catch (TlsFailure failed) {
      throw new InstrumentFailure(failed.line(), failed);
    }
  }

  private static String password(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      KeyFiles.writeSecret(file, made + "\n");
    }
    String password = Files.readString(file).strip();
    if (password.isEmpty()) {
      throw new IOException(file + " is empty");
    }
    return password;
  }

  private static ClientTls tls(PlaygroundCertificates certificates) throws TlsFailure {
    TlsFiles files =
        TlsFiles.of(certificates.clientCertificate(), certificates.clientKey())
            .withAuthorities(certificates.clientAuthority());
    return ClientTls.of(TlsSource.open(files, TlsListener.NONE), TlsRules.DEFAULT, null);
  }

  /** A client for the pages of the servers and the proxy; the caller closes it. */
  public HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls.context())
        .build();
  }

  /** What was asked for. */
  public SecurityWish wish() {
    return wish;
  }

  /** The address of a port on this machine. */
  public HostPort address(int port) {
    return new HostPort("127.0.0.1", port, wish.tls());
  }

  /** Settings of a client that is root, or nobody while there are no users. */
  public ClientSettings settings() {
    return ClientSettings.DEFAULT.with(tls).as(root);
  }

  /** Settings of a client that is another user. */
  public ClientSettings settings(Credentials user) {
    return settings().as(user);
  }

  /** TLS of the connections to the servers and the proxy. */
  public ClientTls tls() {
    return tls;
  }

  /** The password of root; null without users. */
  Credentials.@Nullable Password root() {
    return root;
  }

  /** The file with the password of root. */
  Path passwordFile() {
    return passwordFile;
  }

  /** The files that clients need; null without TLS. */
  @Nullable PlaygroundCertificates certificates() {
    return certificates;
  }

  /** The flags of every server. */
  List<String> serverFlags() {
    return certificates == null ? List.of() : certificates.serverFlags();
  }

  /** The flags of the proxy, for both of its sides. */
  List<String> proxyFlags() {
    return certificates == null ? List.of() : certificates.proxyFlags();
  }

  @Override
  public void close() {
    if (wish.tls()) {
      tls.close();
      tls.source().close();
    }
  }
}
