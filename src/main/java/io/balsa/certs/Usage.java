package io.balsa.certs;

import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a certificate may be shown for: the extended key usage of RFC 5280, section 4.2.1.12. */
public enum Usage {
  /** By the side that listens. */
  SERVER(KeyPurposeId.id_kp_serverAuth),
  /** By the side that connects. */
  CLIENT(KeyPurposeId.id_kp_clientAuth);

  final KeyPurposeId purpose;

  Usage(KeyPurposeId purpose) {
    this.purpose = purpose;
  }
}
