package io.balsa.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The order in which a chain is shown (RFC 8446, section 4.4.2): each issuer after its own. */
final class ChainOrder {
  private ChainOrder() {}

  /**
   * The same certificates, each once, in order.
   *
   * @param all the own one first, the others in any order
   * @throws TlsFailure when one of them has issued none of the others
   */
  static List<X509Certificate> of(String file, List<X509Certificate> all) throws TlsFailure {
    Set<X509Certificate> left = new LinkedHashSet<>(all);
    List<X509Certificate> chain = new ArrayList<>();
    X509Certificate last = all.getFirst();
    while (left.remove(last)) {
      chain.add(last);
      last = issuer(last, left);
    }
    if (!left.isEmpty()) {
      throw new TlsFailure(
          "%s: the certificate of %s in it is no issuer of the first one; take it out"
              .formatted(file, left.iterator().next().getSubjectX500Principal()));
    }
    return chain;
  }

  /** The issuer of a certificate; the certificate itself if none of the others is. */
  private static X509Certificate issuer(X509Certificate issued, Set<X509Certificate> others) {
    return others.stream().filter(other -> isIssuer(other, issued)).findFirst().orElse(issued);
  }

  private static boolean isIssuer(X509Certificate issuer, X509Certificate issued) {
    if (!issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal())) {
      return false;
    }
    try {
      issued.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false; // another key with the same name
    }
  }
}
