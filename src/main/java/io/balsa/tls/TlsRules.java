package io.balsa.tls;

import java.util.List;

/**
 * What is demanded of the other side.
 *
 * @param demandsClients whether a client must show a certificate of a trusted authority
 * @param allowedNames the common names that a client's certificate may have; none for any
 * @param allowedHosts the hosts of which a client's certificate must name one; none for any
 * @param least the oldest version
 * @param most the newest version
 * @param suites the suites of TLS 1.2 by Java's names; none for all of {@link CipherSuites}
 */
public record TlsRules(
    boolean demandsClients,
    List<String> allowedNames,
    List<String> allowedHosts,
    TlsVersion least,
    TlsVersion most,
    List<String> suites) {
  /** Both versions, all good suites, no certificates of clients. */
  public static final TlsRules DEFAULT =
      new TlsRules(false, List.of(), List.of(), TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, List.of());

  /** Copies the lists. */
  public TlsRules {
    allowedNames = List.copyOf(allowedNames);
    allowedHosts = List.copyOf(allowedHosts);
    suites = List.copyOf(suites);
  }

  /** The same, with or without a demand for certificates of clients. */
  public TlsRules demandingClients(boolean demands) {
    return new TlsRules(demands, allowedNames, allowedHosts, least, most, suites);
  }

  /** The same with other allowed clients. */
  public TlsRules allowing(List<String> names, List<String> hosts) {
    return new TlsRules(demandsClients, names, hosts, least, most, suites);
  }

  /** The same with other versions and suites. */
  public TlsRules speaking(TlsVersion from, TlsVersion to, List<String> only) {
    return new TlsRules(demandsClients, allowedNames, allowedHosts, from, to, only);
  }
}
