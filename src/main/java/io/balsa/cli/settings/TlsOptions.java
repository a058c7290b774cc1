package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import io.balsa.server.TlsSettings;
import io.balsa.tls.CipherSuites;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsVersion;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about TLS for clients, and those that hold for peers too: etcd's names. */
public final class TlsOptions {
  static final String FILE = "FILE";

  @Option(
      names = "--cert-file",
      paramLabel = FILE,
      description = "the certificate that clients see; all these files are PEM")
  String cert = "";

  @Option(names = "--key-file", paramLabel = FILE, description = "its private key")
  String key = "";

  @Option(
      names = "--client-cert-file",
      hidden = true,
      paramLabel = FILE,
      description = "checked as in etcd; this server shows it to nobody")
  String clientCert = "";

  @Option(
      names = "--client-key-file",
      hidden = true,
      paramLabel = FILE,
      description = "its private key")
  String clientKey = "";

  @Option(
      names = "--trusted-ca-file",
      paramLabel = FILE,
      description = "the authorities of clients; clients must show a certificate then")
  String authorities = "";

  @Option(
      names = "--client-cert-auth",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "clients must show a certificate (${DEFAULT-VALUE})")
  boolean demand;

  @Option(
      names = "--client-crl-file",
      paramLabel = FILE,
      description = "revoked certificates of clients, PEM or DER")
  String revocations = "";

  @Option(
      names = "--client-cert-allowed-hostname",
      paramLabel = "HOST,...",
      description = "a client's certificate must name one of them")
  String allowedHosts = "";

  @Option(
      names = "--auto-tls",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "make a certificate that nobody vouches for (${DEFAULT-VALUE})")
  boolean auto;

  @Option(
      names = "--self-signed-cert-validity",
      paramLabel = "YEARS",
      description = "how long such a certificate is valid (${DEFAULT-VALUE})")
  int years = 1;

  @Option(
      names = "--tls-min-version",
      paramLabel = "TLS1.2|TLS1.3",
      description = "the oldest version of TLS (${DEFAULT-VALUE})")
  String least = "TLS1.2";

  @Option(
      names = "--tls-max-version",
      paramLabel = "TLS1.2|TLS1.3",
      description = "the newest version of TLS (TLS1.3)")
  String most = "";

  @Option(
      names = "--cipher-suites",
      paramLabel = "NAME,...",
      description = "the suites of TLS 1.2 (all that are not weak)")
  String suites = "";

  /** The settings for clients that the flags stand for. */
  public TlsSettings settings() {
    TlsFiles files =
        TlsFiles.of(file("--cert-file", cert), file("--key-file", key))
            .withClientCertificate(
                file("--client-cert-file", clientCert), file("--client-key-file", clientKey))
            .withAuthorities(file("--trusted-ca-file", authorities))
            .withRevocations(file("--client-crl-file", revocations));
    TlsRules rules =
        spoken()
            .demandingClients(demand || files.authorities() != null)
            .allowing(List.of(), names(allowedHosts));
    return new TlsSettings(files, rules, auto, years, false);
  }

  /** The versions and suites, for clients and peers. */
  TlsRules spoken() {
    TlsVersion from = version("--tls-min-version", least, TlsVersion.TLS_1_2);
    TlsVersion to = version("--tls-max-version", most, TlsVersion.TLS_1_3);
    List<String> only = names(suites).stream().map(TlsOptions::suite).distinct().toList();
    if (from == TlsVersion.TLS_1_3 && !only.isEmpty()) {
      throw new BadInput("--cipher-suites: those of TLS1.3 cannot be chosen; leave it out");
    }
    return TlsRules.DEFAULT.speaking(from, to, only);
  }

  private static TlsVersion version(String flag, String name, TlsVersion otherwise) {
    return name.isEmpty()
        ? otherwise
        : TlsVersion.named(name)
            .orElseThrow(
                () -> new BadInput(flag + ": '" + name + "' is not one of TLS1.2, TLS1.3"));
  }

  private static String suite(String name) {
    String java = CipherSuites.java(name);
    if (java == null) {
      throw new BadInput(
          "--cipher-suites: '%s' is unknown or weak; there are %s"
              .formatted(name, String.join(", ", CipherSuites.all())));
    }
    return java;
  }

  static List<String> names(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  static @Nullable Path file(String flag, String name) {
    try {
      return name.isEmpty() ? null : Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInput(flag + ": '" + name + "' is no path: " + e.getReason());
    }
  }
}
