package io.balsa.tls;

import io.balsa.certs.Authority;
import io.balsa.certs.CertifiedKey;
import io.balsa.certs.KeyKind;
import io.balsa.certs.LeafRequest;
import io.balsa.certs.RevocationList;
import io.balsa.certs.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An authority with its files in a folder, and what it issues. */
public final class TestCertificates {
  private static final Duration DAYS = Duration.ofDays(90);

  private final Path folder;
  private final Authority authority;
  private RevocationList revoked;
  private int names;

  /** A new authority. */
  public TestCertificates(Path folder) {
    Instant now = Instant.now();
    this.folder = folder;
    authority =
        Authority.create("test authority", KeyKind.EC_P256, now.minus(DAYS), now.plus(DAYS));
    revoked = authority.revokedNone(now);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(authorityFile(), authority.identity().certificatePem());
    writeRevoked();
  }

  /** The certificate of the authority. */
  public Path authorityFile() {
    return folder.resolve("ca.pem");
  }

  /** The list of revoked certificates. */
  public Path revokedFile() {
    return folder.resolve("revoked.crl");
  }

  /** For a server at these hosts, valid now; it may also show it to others. */
  public CertifiedKey server(String name, String... hosts) {
    return authority.issue(request(name, hosts));
  }

  /** The same with a key of this kind. */
  public CertifiedKey server(KeyKind kind, String name, String... hosts) {
    return authority.issue(request(name, hosts), kind);
  }

  /** For a client, valid now. */
  public CertifiedKey client(String name) {
    Instant now = Instant.now();
    return authority.issue(LeafRequest.client(name, now.minus(DAYS), now.plus(DAYS)));
  }

  /** Of a client, that begins and ends at these times. */
  public CertifiedKey client(String name, Instant from, Instant to) {
    return authority.issue(LeafRequest.peer(name, List.of("127.0.0.1"), from, to));
  }

  /** Of nobody's authority. */
  public static CertifiedKey selfSigned(String name) {
    return SelfSigned.make(request(name, "127.0.0.1"), KeyKind.EC_P256);
  }

  private static LeafRequest request(String name, String... hosts) {
    Instant now = Instant.now();
    return LeafRequest.peer(name, List.of(hosts), now.minus(DAYS), now.plus(DAYS));
  }

  /** Files with a certificate, and this authority as the one that is trusted. */
  public TlsFiles files(CertifiedKey own) {
    String name = "own-" + names++;
    Path certificate = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + "-key.pem");
    replace(TlsFiles.of(certificate, key), own);
    return TlsFiles.of(certificate, key).withAuthorities(authorityFile());
  }

  /** Writes another certificate with its key into the same files. */
  public static void replace(TlsFiles files, CertifiedKey own) {
    if (files.certificate() == null || files.key() == null) {
      throw new IllegalArgumentException("files with a certificate and a key");
    }
    write(files.key(), own.keyPem());
    write(files.certificate(), own.chainPem());
  }

  /** Files without a certificate of one's own. */
  public TlsFiles onlyTrust() {
    return TlsFiles.NONE.withAuthorities(authorityFile());
  }

  /** Adds a certificate to the list of revoked ones, and writes the list. */
  public void revoke(CertifiedKey leaf) {
    revoked = authority.revoke(revoked, leaf.certificate(), Instant.now());
    writeRevoked();
  }

  private void writeRevoked() {
    write(revokedFile(), revoked.pem());
  }

  /** Writes a file at once, so that nobody reads half of it. */
  public static void write(Path file, String text) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
