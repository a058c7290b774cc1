package io.balsa.processes;

import io.balsa.certs.CertificateFolder;
import io.balsa.certs.KeyKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates of servers, proxy and clients on this machine, in a folder that stays. The one
 * for clients names no user that exists: a client is a user by its password.
 *
 * @param folder with the files that {@code balsa certs} makes
 */
record PlaygroundCertificates(Path folder) {
  private static final List<String> HOSTS = List.of("localhost", "127.0.0.1", "::1");
  private static final String CLIENT = "anyone";
  private static final String PROXY = "proxy";
  private static final Duration VALIDITY = Duration.ofDays(365);

  /** A run that begins now ends before such a certificate does. */
  private static final Duration LEAST = Duration.ofDays(1);

  /**
   * Makes those that are missing or end within a day.
   *
   * @throws IOException with one line, if a file is bad or cannot be written
   */
  static PlaygroundCertificates in(Path folder) throws IOException {
    return in(folder, Instant.now());
  }

  /** As {@link #in(Path)}, at another time. */
  static PlaygroundCertificates in(Path folder, Instant now) throws IOException {
    boolean anew = false;
    for (Path ended : ended(folder, now.plus(LEAST))) {
      anew |= ended.getFileName().toString().endsWith("-ca.crt");
      Files.delete(ended);
      Files.deleteIfExists(folder.resolve(stem(ended) + ".key"));
    }
    new CertificateFolder(folder, KeyKind.EC_P256, now, VALIDITY)
        .make(HOSTS, List.of(CLIENT, PROXY), anew);
    return new PlaygroundCertificates(folder);
  }

  private static String stem(Path certificate) {
    String name = certificate.getFileName().toString();
    return name.substring(0, name.length() - ".crt".length());
  }

  private static List<Path> ended(Path folder, Instant then) throws IOException {
    List<Path> ended = new ArrayList<>();
    if (!Files.exists(folder)) {
      return ended;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.crt")) {
      for (Path each : all) {
        if (end(each).isBefore(then)) {
          ended.add(each);
        }
      }
    }
    return ended;
  }

  private static Instant end(Path file) throws IOException {
    try (InputStream text = Files.newInputStream(file)) {
      X509Certificate first =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(text);
      return first.getNotAfter().toInstant();
    } catch (CertificateException bad) {
      throw new IOException(file + " is no certificate: delete it and its key", bad);
    }
  }

  /** The authority that clients trust. */
  Path clientAuthority() {
    return folder.resolve("client-ca.crt");
  }

  Path clientCertificate() {
    return folder.resolve("client-" + CLIENT + ".crt");
  }

  Path clientKey() {
    return folder.resolve("client-" + CLIENT + ".key");
  }

  private List<String> portFlags() {
    return List.of(
        "--cert-file=" + folder.resolve("server.crt"),
        "--key-file=" + folder.resolve("server.key"),
        "--trusted-ca-file=" + clientAuthority(),
        "--client-cert-auth");
  }

  List<String> serverFlags() {
    List<String> flags = new ArrayList<>(portFlags());
    flags.add("--peer-cert-file=" + folder.resolve("peer.crt"));
    flags.add("--peer-key-file=" + folder.resolve("peer.key"));
    flags.add("--peer-trusted-ca-file=" + folder.resolve("peer-ca.crt"));
    flags.add("--peer-client-cert-auth");
    return flags;
  }

  List<String> proxyFlags() {
    List<String> flags = new ArrayList<>(portFlags());
    flags.add("--cacert=" + clientAuthority());
    flags.add("--cert=" + folder.resolve("client-" + PROXY + ".crt"));
    flags.add("--key=" + folder.resolve("client-" + PROXY + ".key"));
    return flags;
  }
}
