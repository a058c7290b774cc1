package io.balsa.cli.settings;

import io.balsa.server.TlsSettings;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsRules;
import picocli.CommandLine.Option;

/** The flags about TLS between servers: etcd's names. */
final class PeerTlsOptions {
  @Option(
      names = "--peer-cert-file",
      paramLabel = TlsOptions.FILE,
      description = "the certificate that the other servers see")
  String cert = "";

  @Option(names = "--peer-key-file", paramLabel = TlsOptions.FILE, description = "its private key")
  String key = "";

  @Option(
      names = "--peer-client-cert-file",
      paramLabel = TlsOptions.FILE,
      description = "what is shown where this server connects (--peer-cert-file)")
  String clientCert = "";

  @Option(
      names = "--peer-client-key-file",
      paramLabel = TlsOptions.FILE,
      description = "its private key")
  String clientKey = "";

  @Option(
      names = "--peer-trusted-ca-file",
      paramLabel = TlsOptions.FILE,
      description = "the authorities of servers; servers must show a certificate then")
  String authorities = "";

  @Option(
      names = "--peer-client-cert-auth",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "servers must show a certificate (${DEFAULT-VALUE})")
  boolean demand;

  @Option(
      names = "--peer-crl-file",
      paramLabel = TlsOptions.FILE,
      description = "revoked certificates of servers, PEM or DER")
  String revocations = "";

  @Option(
      names = "--peer-cert-allowed-cn",
      paramLabel = "NAME,...",
      description = "a server's certificate must have one of these common names")
  String allowedNames = "";

  @Option(
      names = "--peer-cert-allowed-hostname",
      paramLabel = "HOST,...",
      description = "a server's certificate must name one of them")
  String allowedHosts = "";

  @Option(
      names = "--peer-auto-tls",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "encipher without knowing the other server (${DEFAULT-VALUE})")
  boolean auto;

  @Option(
      names = {
        "--peer-skip-client-san-verification",
        "--experimental-peer-skip-client-san-verification"
      },
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "a server's certificate need not name its host (${DEFAULT-VALUE})")
  boolean skipsHosts;

  /**
   * The settings that the flags stand for.
   *
   * @param common the versions and suites
   */
  TlsSettings settings(TlsOptions common) {
    TlsFiles files =
        TlsFiles.of(
                TlsOptions.file("--peer-cert-file", cert), TlsOptions.file("--peer-key-file", key))
            .withClientCertificate(
                TlsOptions.file("--peer-client-cert-file", clientCert),
                TlsOptions.file("--peer-client-key-file", clientKey))
            .withAuthorities(TlsOptions.file("--peer-trusted-ca-file", authorities))
            .withRevocations(TlsOptions.file("--peer-crl-file", revocations));
    TlsRules rules =
        common
            .spoken()
            .demandingClients(demand || files.authorities() != null)
            .allowing(TlsOptions.names(allowedNames), TlsOptions.names(allowedHosts));
    return new TlsSettings(files, rules, auto, common.years, skipsHosts);
  }
}
