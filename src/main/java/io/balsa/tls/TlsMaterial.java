package io.balsa.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a set of files holds, checked: each key fits its certificate.
 *
 * @param own shown to clients; null for none
 * @param forServers shown to servers; null for none
 */
record TlsMaterial(@Nullable TlsIdentity own, @Nullable TlsIdentity forServers, TlsTrust trust) {
  /** No file of a sane set is larger. */
  private static final int FILE_BYTES_MAX = 4 << 20;

  /** The contents of all files, read at one moment. */
  record Contents(Map<Path, byte[]> bytes) {
    /** Reads all files. */
    static Contents of(TlsFiles files) throws TlsFailure {
      Map<Path, byte[]> bytes = new HashMap<>();
      for (Path file : files.all()) {
        bytes.put(file, TlsMaterial.read(file));
      }
      return new Contents(bytes);
    }

    byte[] in(Path file) {
      return Objects.requireNonNull(bytes.get(file), "every file was read");
    }

    boolean isSame(Contents other) {
      return bytes.keySet().equals(other.bytes.keySet())
          && bytes.entrySet().stream()
              .allMatch(each -> Arrays.equals(each.getValue(), other.in(each.getKey())));
    }
  }

  private static byte[] read(Path file) throws TlsFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw new TlsFailure(file + ": it is larger than 4 MiB, so it is no file for TLS");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new TlsFailure(file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new TlsFailure(file + ": this user may not read it", e);
    } catch (IOException e) {
      throw new TlsFailure(file + ": it cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads a set of files. */
  static TlsMaterial of(TlsFiles files, Contents contents) throws TlsFailure {
    TlsIdentity own = identity(files.certificate(), files.key(), contents);
    TlsIdentity client = identity(files.clientCertificate(), files.clientKey(), contents);
    Path authorities = files.authorities();
    List<X509Certificate> trusted =
        authorities == null ? List.of() : certificates(authorities, contents);
    Path revocations = files.revocations();
    Set<BigInteger> revoked = revocations == null ? Set.of() : revoked(revocations, contents);
    try {
      return new TlsMaterial(own, client != null ? client : own, TlsTrust.of(trusted, revoked));
    } catch (GeneralSecurityException e) {
      throw new TlsFailure(authorities + ": its authorities cannot be used: " + e.getMessage(), e);
    }
  }

  private static @Nullable TlsIdentity identity(
      @Nullable Path certificate, @Nullable Path key, Contents contents) throws TlsFailure {
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      Path only = certificate == null ? key : certificate;
      throw new TlsFailure(
          "%s: give the %s too".formatted(only, key == null ? "private key" : "certificate"));
    }
    List<X509Certificate> chain = certificates(certificate, contents);
    try {
      PrivateKey secret =
          KeyText.read(PemText.blocks(contents.in(key)), chain.getFirst().getPublicKey());
      if (!KeyText.fits(secret, chain.getFirst().getPublicKey())) {
        throw new TlsFailure(key + ": it is not the key of the certificate " + certificate);
      }
      return new TlsIdentity(secret, ChainOrder.of(certificate.toString(), chain));
    } catch (IllegalArgumentException e) {
      throw new TlsFailure(key + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new TlsFailure(key + ": it is not the key of the certificate " + certificate, e);
    }
  }

  private static List<X509Certificate> certificates(Path file, Contents contents)
      throws TlsFailure {
    List<X509Certificate> all = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemText block : PemText.blocks(contents.in(file))) {
        if (block.label().equals("CERTIFICATE")) {
          all.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (CertificateException e) {
      throw new TlsFailure(file + ": a certificate in it is malformed", e);
    } catch (IllegalArgumentException e) {
      throw new TlsFailure(file + ": " + e.getMessage(), e);
    }
    if (all.isEmpty()) {
      throw new TlsFailure(file + ": there is no certificate in it (BEGIN CERTIFICATE)");
    }
    return all;
  }

  private static Set<BigInteger> revoked(Path file, Contents contents) throws TlsFailure {
    byte[] bytes = contents.in(file);
    Set<BigInteger> revoked = new HashSet<>();
    try {
      List<byte[]> lists = new ArrayList<>();
      if (bytes.length > 0 && bytes[0] == 0x30) {
        lists.add(bytes);
      } else {
        PemText.blocks(bytes).stream()
            .filter(block -> block.label().equals("X509 CRL"))
            .forEach(block -> lists.add(block.der()));
      }
      if (lists.isEmpty()) {
        throw new TlsFailure(file + ": there is no list of revoked certificates in it");
      }
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] list : lists) {
        X509CRL crl = (X509CRL) factory.generateCRL(new ByteArrayInputStream(list));
        Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
        if (entries != null) {
          entries.forEach(entry -> revoked.add(entry.getSerialNumber()));
        }
      }
    } catch (CertificateException | CRLException e) {
      throw new TlsFailure(file + ": its list of revoked certificates is malformed", e);
    } catch (IllegalArgumentException e) {
      throw new TlsFailure(file + ": " + e.getMessage(), e);
    }
    return revoked;
  }
}
