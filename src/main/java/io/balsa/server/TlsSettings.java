package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsRules;

/**
 * TLS of a server, for its clients or for its peers. It is spoken at the addresses that say so.
 *
 * @param files the certificate and what is trusted
 * @param rules what is demanded; clients must show a certificate if the files name authorities
 * @param auto whether to make a certificate of its own if the files name none; etcd's {@code
 *     --auto-tls} and {@code --peer-auto-tls}
 * @param autoYears how many years such a certificate is valid, etcd's {@code
 *     --self-signed-cert-validity}
 * @param skipsHosts whether a peer's certificate need not name a host of its member's peer URLs,
 *     etcd's {@code --peer-skip-client-san-verification}
 */
public record TlsSettings(
    TlsFiles files, TlsRules rules, boolean auto, int autoYears, boolean skipsHosts) {
  /** No certificate. */
  public static final TlsSettings NONE =
      new TlsSettings(TlsFiles.NONE, TlsRules.DEFAULT, false, 1, false);

  /** TLS with these files; the other side must show a certificate if they name authorities. */
  public static TlsSettings of(TlsFiles files) {
    TlsRules rules = TlsRules.DEFAULT.demandingClients(files.authorities() != null);
    return new TlsSettings(files, rules, false, 1, false);
  }

  /**
   * Checks the settings of a program with one address for clients, which makes no certificate.
   *
   * @param flag names the address, for the message
   * @throws BadSettings with one line, when settings do not fit together or have no effect
   */
  public void checkFor(String flag, HostPort address) {
    TlsRulesCheck.checkOnly(this, flag, address);
  }

  /** Whether there is a certificate, or one is made. */
  boolean isOn() {
    return files.hasCertificate() || auto;
  }
}
