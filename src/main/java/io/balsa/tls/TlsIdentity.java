package io.balsa.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its private key.
 *
 * @param key fits the first certificate
 * @param chain the own certificate first, then those of the authorities that come with it
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
  TlsIdentity {
    chain = List.copyOf(chain);
  }

  /** When the first of its certificates ends. */
  Instant expires() {
    return chain.stream()
        .map(each -> each.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  X509Certificate[] array() {
    return chain.toArray(X509Certificate[]::new);
  }
}
