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
    checkDemands(prefix, demands(prefix, hosts, tls), tls);
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

  /** The flags that demand something of the other side. */
  private static List<String> demands(String prefix, String hosts, TlsSettings tls) {
    List<String> flags = new ArrayList<>();
    if (tls.files().authorities() != null) {
      flags.add(prefix + "trusted-ca-file");
    } else if (tls.rules().demandsClients()) {
      flags.add(prefix + "client-cert-auth");
    }
    if (tls.files().revocations() != null) {
      flags.add(prefix.equals("--") ? "--client-crl-file" : "--peer-crl-file");
    }
    if (!tls.rules().allowedNames().isEmpty()) {
      flags.add(prefix + "cert-allowed-cn");
    }
    if (!tls.rules().allowedHosts().isEmpty()) {
      flags.add(hosts);
    }
    return flags;
  }

  /** A demand that nobody has to fulfil would look like safety. */
  private static void checkDemands(String prefix, List<String> demands, TlsSettings tls) {
    if (demands.isEmpty()) {
      return;
    }
    if (tls.auto() && !tls.files().hasCertificate()) {
      throw new BadSettings(
          "%1$sauto-tls: nobody would be checked, so leave out %2$s, or give %1$scert-file and %1$skey-file"
              .formatted(prefix, String.join(", ", demands)));
    }
    if (!tls.rules().demandsClients()) {
      throw new BadSettings(
          "%s: nobody would be checked; give %strusted-ca-file too"
              .formatted(String.join(", ", demands), prefix));
    }
  }

  /** For the only address of a proxy: there, settings that have no effect are refused. */
  static void checkOnly(TlsSettings tls, String flag, HostPort address) {
    String hosts = "--client-cert-allowed-hostname";
    check("--", hosts, tls);
    List<String> given = new ArrayList<>();
    if (tls.files().hasCertificate()) {
      given.add("--cert-file");
    }
    given.addAll(demands("--", hosts, tls));
    if (!address.isSecure() && !given.isEmpty()) {
      throw new BadSettings(
          "%s: %s has no TLS, but %s is given; give --cert-file and an address with https://"
              .formatted(flag, address.url(), String.join(", ", given)));
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
