package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsSource;
import java.util.ArrayList;
import java.util.List;

/** Whether the settings of TLS fit together, and fit the addresses; as etcd judges. */
final class TlsRulesCheck {
  private TlsRulesCheck() {}

  static void check(
      TlsSettings clients, TlsSettings peers, List<HostPort> forClients, List<HostPort> forPeers) {
    check("--", "--client-cert-allowed-hostname", clients);
    check("--peer-", "--peer-cert-allowed-hostname", peers);
    demandCertificate("--", "--listen-client-urls", clients, forClients);
    demandCertificate("--peer-", "--listen-peer-urls", peers, forPeers);
  }

  private static void check(String prefix, String hosts, TlsSettings tls) {
    pair(
        prefix + "cert-file",
        tls.files().certificate() != null,
        prefix + "key-file",
        tls.files().key() != null);
    String client = prefix.equals("--") ? "--client-" : "--peer-client-";
    pair(
        client + "cert-file",
        tls.files().clientCertificate() != null,
        client + "key-file",
        tls.files().clientKey() != null);
    if (!tls.rules().allowedNames().isEmpty() && !tls.rules().allowedHosts().isEmpty()) {
      throw new BadSettings(hosts + " and " + prefix + "cert-allowed-cn: give one of them");
    }
    if (tls.auto() && tls.autoYears() < 1) {
      throw new BadSettings("--self-signed-cert-validity: it is at least 1 year");
    }
    if (tls.rules().least().compareTo(tls.rules().most()) > 0) {
      throw new BadSettings("--tls-min-version is newer than --tls-max-version");
    }
  }

  private static void pair(String one, boolean hasOne, String other, boolean hasOther) {
    if (hasOne != hasOther) {
      throw new BadSettings(
          "%s: give %s too".formatted(hasOne ? one : other, hasOne ? other : one));
    }
  }

  private static void demandCertificate(
      String prefix, String flag, TlsSettings tls, List<HostPort> addresses) {
    for (HostPort address : addresses) {
      if (address.isSecure() && !tls.isOn()) {
        throw new BadSettings(
            "%1$s: %2$s needs a certificate; give %3$scert-file and %3$skey-file, or %3$sauto-tls"
                .formatted(flag, address.url(), prefix));
      }
    }
  }

  /** Reads the files once, so that a start fails early. */
  static void read(TlsSettings... all) {
    for (TlsSettings tls : all) {
      try {
        TlsSource.open(tls.files(), TlsListener.NONE).close();
      } catch (TlsFailure e) {
        throw new BadSettings(e.line());
      }
    }
  }

  /** What is given and has no effect; a line each. */
  static List<String> idle(
      TlsSettings clients, TlsSettings peers, List<HostPort> forClients, List<HostPort> forPeers) {
    List<String> lines = new ArrayList<>();
    idle(lines, "--listen-client-urls", clients, forClients);
    idle(lines, "--listen-peer-urls", peers, forPeers);
    return lines;
  }

  private static void idle(
      List<String> lines, String flag, TlsSettings tls, List<HostPort> addresses) {
    boolean given = tls.isOn() || tls.rules().demandsClients();
    List<String> plain =
        addresses.stream().filter(each -> !each.isSecure()).map(HostPort::url).toList();
    if (given && !plain.isEmpty()) {
      lines.add(
          "%s: %s has no TLS, though there are settings for it"
              .formatted(flag, String.join(",", plain)));
    }
    if (tls.auto() && tls.files().hasCertificate()) {
      lines.add(flag + ": no certificate is made for it, because one is given");
    }
  }
}
