package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.certs.CertifiedKey;
import io.balsa.certs.KeyFiles;
import io.balsa.certs.KeyKind;
import io.balsa.certs.LeafRequest;
import io.balsa.certs.SelfSigned;
import io.balsa.logging.LogEvent;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Certificates that a server makes for itself, as etcd does for {@code --auto-tls}. They encipher
 * the connections. They prove nothing, except to clients that are given the certificate.
 */
final class OwnCertificate {
  private static final LogEvent MADE =
      LogEvent.warn(
          "io.balsa.server",
          "a certificate was made that nobody vouches for",
          "give clients this certificate to trust, or use one of an authority");

  private static final Duration YEAR = Duration.ofDays(365);

  private OwnCertificate() {}

  /**
   * The same settings with a certificate. They demand nothing of the other side: {@link
   * TlsRulesCheck} has refused that.
   *
   * @param folder where it is kept; used again at the next start, until it ends
   * @param addresses whose hosts it names
   */
  static TlsSettings in(TlsSettings tls, Path folder, List<HostPort> addresses) throws IOException {
    if (tls.files().hasCertificate()) {
      return tls;
    }
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    TlsFiles files = TlsFiles.of(certificate, key);
    if (!isUsable(files)) {
      Files.createDirectories(folder);
      CertifiedKey made = make(tls.autoYears(), addresses);
      KeyFiles.writeSecret(key, made.keyPem());
      KeyFiles.writePublic(certificate, made.certificatePem());
      MADE.log("certificate", certificate, "ends", made.certificate().getNotAfter().toInstant());
    }
    return new TlsSettings(files, tls.rules(), tls.auto(), tls.autoYears(), tls.skipsHosts());
  }

  private static CertifiedKey make(int years, List<HostPort> addresses) {
    List<String> hosts =
        addresses.stream()
            .filter(each -> !each.isUnixSocket())
            .map(HostPort::host)
            .distinct()
            .toList();
    Instant now = Instant.now();
    return SelfSigned.make(
        LeafRequest.peer("", hosts, now, now.plus(YEAR.multipliedBy(years))), KeyKind.EC_P256);
  }

  private static boolean isUsable(TlsFiles files) {
    try (TlsSource source = TlsSource.open(files, TlsListener.NONE)) {
      return Instant.now().isBefore(source.health().expires());
    } catch (TlsFailure _) {
      return false;
    }
  }
}
