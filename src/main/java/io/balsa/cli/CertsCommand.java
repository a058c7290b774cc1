package io.balsa.cli;

import io.balsa.certs.CertificateFolder;
import io.balsa.certs.KeyKind;
import io.balsa.ctl.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the certificates of a cluster for tests, and revokes them. */
@Command(
    name = "certs",
    description = {
      "Makes the certificates of a cluster for tests: two authorities, one certificate for the",
      "client ports, one for the members among each other, and one for each user.",
      "",
      "Only missing files are made, so the command can be given again, with more users. Nobody but",
      "the owner can read the keys. Members trust the authority peer-ca alone at their peer ports,",
      "so the certificate of a client opens no peer port."
    },
    footer = {
      "",
      "Examples:",
      "  balsa certs --hosts=localhost,127.0.0.1,10.0.0.1 --users=root,alice",
      "  balsa certs --revoke=certs/client-alice.crt"
    })
final class CertsCommand implements Callable<Integer> {
  private static final int DAYS_MAX = 3650;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "the folder with the files (${DEFAULT-VALUE})")
  private Path folder = Path.of("certs");

  @Option(
      names = "--hosts",
      paramLabel = "HOST,...",
      description = "DNS names and IP addresses of all servers (${DEFAULT-VALUE})")
  private String hosts = "localhost,127.0.0.1,::1";

  @Option(
      names = "--users",
      paramLabel = "NAME,...",
      description = "whom a client certificate is made for, as its common name (${DEFAULT-VALUE})")
  private String users = "root";

  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "how long certificates are valid (${DEFAULT-VALUE}); authorities ten times as long")
  private int days = 365;

  @Option(names = "--rsa", description = "make RSA keys of 2048 bits, not keys on P-256")
  private boolean rsa;

  @Option(
      names = "--force",
      description = "make all files anew, also the authorities; older certificates become useless")
  private boolean force;

  @Option(
      names = "--revoke",
      paramLabel = "FILE",
      description =
          "add this certificate to the list of revoked ones of its authority; make nothing")
  private @Nullable Path revoked;

  @Override
  public Integer call() throws IOException {
    if (days < 1 || days > DAYS_MAX) {
      throw new BadInput("--days: '" + days + "' is not between 1 and " + DAYS_MAX);
    }
    CertificateFolder certificates =
        new CertificateFolder(
            folder, rsa ? KeyKind.RSA_2048 : KeyKind.EC_P256, Instant.now(), Duration.ofDays(days));
    PrintWriter out = spec.commandLine().getOut();
    if (revoked != null) {
      revoke(certificates, revoked, out);
    } else {
      make(certificates, out);
    }
    return 0;
  }

  private void make(CertificateFolder certificates, PrintWriter out) throws IOException {
    List<String> names = list(users);
    try {
      certificates.make(list(hosts), names, force).forEach(pair -> out.println(line(pair)));
    } catch (IllegalArgumentException bad) {
      throw new BadInput(String.valueOf(bad.getMessage()));
    }
    out.println();
    out.println("Keep the .key files secret. Give each server, with https:// in all its URLs:");
    out.println(
        "  --cert-file=%1$s/server.crt --key-file=%1$s/server.key --client-cert-auth"
            .formatted(folder));
    out.println("  --trusted-ca-file=" + folder.resolve("client-ca.crt"));
    out.println(
        "  --peer-cert-file=%1$s/peer.crt --peer-key-file=%1$s/peer.key --peer-client-cert-auth"
            .formatted(folder));
    out.println("  --peer-trusted-ca-file=" + folder.resolve("peer-ca.crt"));
    if (!names.isEmpty()) {
      out.println("Give clients, etcdctl too, with https:// in --endpoints:");
      out.println(
          "  --cacert=%1$s/client-ca.crt --cert=%1$s/client-%2$s.crt --key=%1$s/client-%2$s.key"
              .formatted(folder, names.getFirst()));
    }
  }

  private static String line(CertificateFolder.Pair pair) {
    String line = "%s %s and its key".formatted(pair.made() ? "made" : "kept", pair.certificate());
    return pair.lacking().isEmpty()
        ? line
        : line
            + "; it does not name "
            + String.join(", ", pair.lacking())
            + ": delete both files to make them anew";
  }

  private static List<String> list(String words) {
    return Arrays.stream(words.split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }

  private static void revoke(CertificateFolder certificates, Path file, PrintWriter out)
      throws IOException {
    CertificateFolder.Revocation done = certificates.revoke(file);
    String option = done.authority().startsWith("peer") ? "--peer-crl-file" : "--client-crl-file";
    out.println(
        "revoked %s; %s names %d %s now"
            .formatted(
                file,
                done.list(),
                done.count(),
                done.count() == 1 ? "certificate" : "certificates"));
    out.println("Give each server " + option + "=" + done.list());
  }
}
