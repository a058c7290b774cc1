package io.balsa.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one use of TLS, all in PEM; the list of revoked certificates may be DER.
 *
 * @param certificate the own certificate, followed by those of the authorities between it and a
 *     trusted one; null for none
 * @param key its private key: PKCS#8, PKCS#1 or SEC 1, without a password; null for none
 * @param clientCertificate what is shown to servers instead of {@code certificate}; null for none
 * @param clientKey its private key
 * @param authorities the trusted authorities; null for those that Java trusts
 * @param revocations the revoked certificates; null for none
 */
public record TlsFiles(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path clientCertificate,
    @Nullable Path clientKey,
    @Nullable Path authorities,
    @Nullable Path revocations) {
  /** No files: no own certificate, and the authorities that Java trusts. */
  public static final TlsFiles NONE = new TlsFiles(null, null, null, null, null, null);

  /** A certificate with its key. */
  public static TlsFiles of(@Nullable Path certificate, @Nullable Path key) {
    return NONE.withCertificate(certificate, key);
  }

  /** The same with another certificate and key. */
  public TlsFiles withCertificate(@Nullable Path newCertificate, @Nullable Path newKey) {
    return new TlsFiles(
        newCertificate, newKey, clientCertificate, clientKey, authorities, revocations);
  }

  /** The same with another certificate and key to show to servers. */
  public TlsFiles withClientCertificate(@Nullable Path newCertificate, @Nullable Path newKey) {
    return new TlsFiles(certificate, key, newCertificate, newKey, authorities, revocations);
  }

  /** The same with other trusted authorities. */
  public TlsFiles withAuthorities(@Nullable Path file) {
    return new TlsFiles(certificate, key, clientCertificate, clientKey, file, revocations);
  }

  /** The same with another list of revoked certificates. */
  public TlsFiles withRevocations(@Nullable Path file) {
    return new TlsFiles(certificate, key, clientCertificate, clientKey, authorities, file);
  }

  /** Whether there is an own certificate, or a key. */
  public boolean hasCertificate() {
    return certificate != null || key != null;
  }

  /** All files that are named. */
  List<Path> all() {
    List<Path> all = new ArrayList<>();
    add(all, certificate);
    add(all, key);
    add(all, clientCertificate);
    add(all, clientKey);
    add(all, authorities);
    add(all, revocations);
    return all;
  }

  private static void add(List<Path> all, @Nullable Path file) {
    if (file != null) {
      all.add(file);
    }
  }
}
