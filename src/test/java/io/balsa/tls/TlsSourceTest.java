package io.balsa.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.certs.Authority;
import io.balsa.certs.CertifiedKey;
import io.balsa.certs.KeyKind;
import io.balsa.certs.LeafRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSourceTest {
  @TempDir private Path folder;
  private TestCertificates certificates;
  private TlsFiles files;
  private Instant now = Instant.now();
  private final List<String> heard = new ArrayList<>();

  private final TlsListener listener =
      new TlsListener() {
        @Override
        public void reloaded(String all) {
          heard.add("reloaded");
        }

        @Override
        public void refused(String line) {
          heard.add("refused " + line);
        }

        @Override
        public void expires(String file, Duration left) {
          heard.add("expires in " + left.toDays());
        }
      };

  @BeforeEach
  void makeFiles() {
    certificates = new TestCertificates(folder);
    files = certificates.files(certificates.server("a", "127.0.0.1"));
  }

  private TlsSource source() throws TlsFailure {
    InstantSource clock = () -> now;
    return TlsSource.unwatched(files, listener, clock);
  }

  private Path certificate() {
    return Objects.requireNonNull(files.certificate());
  }

  private Path key() {
    return Objects.requireNonNull(files.key());
  }

  @Test
  void newerFilesAreTakenOnce() throws Exception {
    TlsSource source = source();
    TlsMaterial first = source.newest();
    source.look();
    assertThat(source.newest()).isSameAs(first);

    TestCertificates.replace(files, certificates.server("b", "127.0.0.1"));
    source.look();
    source.look();

    assertThat(source.newest()).isNotSameAs(first);
    assertThat(heard).containsExactly("reloaded");
    assertThat(source.health().reloads()).isEqualTo(1);
  }

  @Test
  void aCertificateWithoutItsKeyIsNotTaken() throws Exception {
    TlsSource source = source();
    TlsMaterial first = source.newest();
    CertifiedKey other = certificates.server("b", "127.0.0.1");

    TestCertificates.write(certificate(), other.chainPem());
    source.look();

    assertThat(source.newest()).isSameAs(first);
    assertThat(heard).isEmpty(); // the key may come in a moment
    source.look();
    source.look();
    String line = key() + ": it is not the key of the certificate " + certificate();
    assertThat(heard).containsExactly("refused " + line);
    assertThat(source.health().troubles()).containsExactly(line);
    assertThat(source.health().isStale()).isTrue();

    TestCertificates.write(key(), other.keyPem());
    source.look();

    assertThat(source.newest()).isNotSameAs(first);
    assertThat(source.health().troubles()).isEmpty();
  }

  @Test
  void aBrokenFileKeepsTheOlderOnes() throws Exception {
    TlsSource source = source();
    TlsMaterial first = source.newest();
    String whole = Files.readString(certificate());

    for (String broken : List.of("", whole.substring(0, whole.length() / 2), "rubbish\n")) {
      TestCertificates.write(certificate(), broken);
      source.look();
      assertThat(source.newest()).isSameAs(first);
      assertThat(source.health().troubles()).first().asString().startsWith(certificate() + ": ");
    }
    Files.delete(certificate());
    source.look();

    assertThat(source.newest()).isSameAs(first);
    assertThat(source.health().troubles())
        .containsExactly(certificate() + ": there is no such file");
  }

  @Test
  void anEndIsToldOnceADay() throws Exception {
    TlsSource source = source();
    source.look();
    assertThat(heard).isEmpty();

    now = now.plus(Duration.ofDays(80));
    source.look();
    source.look();
    now = now.plus(Duration.ofHours(23));
    source.look();
    assertThat(heard).hasSize(1).first().asString().startsWith("expires in ");

    now = now.plus(Duration.ofDays(20));
    source.look();

    assertThat(heard).hasSize(2);
    assertThat(source.health().troubles()).first().asString().contains("has ended");
  }

  @Test
  void aChainIsPutInOrder() throws Exception {
    Instant end = now.plus(Duration.ofDays(9));
    Authority root = Authority.create("root", KeyKind.EC_P256, now, end);
    Authority middle = root.subordinate("middle", KeyKind.EC_P256, now, end);
    CertifiedKey leaf = middle.issue(LeafRequest.peer("a", List.of("127.0.0.1"), now, end));
    String mixed =
        leaf.certificatePem()
            + root.identity().certificatePem()
            + middle.identity().certificatePem()
            + leaf.certificatePem();
    TestCertificates.write(certificate(), mixed);
    TestCertificates.write(key(), leaf.keyPem());

    TlsSource source = source();
    assertThat(Objects.requireNonNull(source.newest().own()).chain())
        .containsExactly(
            leaf.certificate(), middle.identity().certificate(), root.identity().certificate());
    ServerTls.of(source, TlsRules.DEFAULT).close();

    TestCertificates.write(certificate(), mixed + Files.readString(certificates.authorityFile()));
    assertThatThrownBy(this::source)
        .hasMessage(
            "%s: the certificate of CN=test authority in it is no issuer of the first one;"
                    .formatted(certificate())
                + " take it out");
  }

  @Test
  void filesThatSomebodyCannotUseAreNotTaken() throws Exception {
    TlsSource source = source();
    List<String> used = new ArrayList<>();
    TlsMaterial first = source.newest();
    source.follow(_ -> () -> used.add("first"));
    TlsSource.Use failing =
        _ -> {
          throw new TlsFailure("no context");
        };
    source.follow(failing);

    TestCertificates.replace(files, certificates.server("b", "127.0.0.1"));
    source.look();
    source.look();

    assertThat(source.newest()).isSameAs(first);
    assertThat(used).isEmpty();
    assertThat(heard).containsExactly("refused no context");
    assertThat(source.health().isStale()).isTrue();
    assertThat(source.health().reloads()).isZero();

    source.forget(failing);
    source.look();

    assertThat(used).containsExactly("first");
    assertThat(source.health().isStale()).isFalse();
    assertThat(source.health().reloads()).isEqualTo(1);
  }

  @Test
  void everyFormOfKeyIsRead() throws Exception {
    for (KeyKind kind : KeyKind.values()) {
      CertifiedKey leaf = certificates.server(kind, "a", "127.0.0.1");
      String inner = kind == KeyKind.RSA_2048 ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
      String parameters = kind == KeyKind.RSA_2048 ? "" : pem("EC PARAMETERS", new byte[] {5, 0});
      for (String text : List.of(leaf.keyPem(), parameters + pem(inner, inside(leaf.key())))) {
        TestCertificates.write(certificate(), leaf.chainPem());
        TestCertificates.write(key(), text);
        assertThat(source().newest().own()).isNotNull();
      }
    }
  }

  /** What PKCS#8 wraps: PKCS#1 or SEC 1. */
  private static byte[] inside(PrivateKey key) throws IOException {
    return PrivateKeyInfo.getInstance(key.getEncoded())
        .parsePrivateKey()
        .toASN1Primitive()
        .getEncoded();
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(der));
  }

  @Test
  void aKeyWithAPasswordIsRefused() {
    for (String label : List.of("RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
      String text = pem(label, new byte[40]);
      TestCertificates.write(
          key(),
          label.startsWith("ENC") ? text : text.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\n\n"));
      assertThatThrownBy(this::source)
          .hasMessage(key() + ": the private key needs a password; give a key without one");
    }
  }

  @Test
  void aKeyNeedsItsCertificate() {
    assertThatThrownBy(() -> TlsSource.open(TlsFiles.of(null, key()), listener))
        .hasMessage(key() + ": give the certificate too");
    assertThatThrownBy(() -> TlsSource.open(files.withAuthorities(key()), listener))
        .hasMessage(key() + ": there is no certificate in it (BEGIN CERTIFICATE)");
    assertThatThrownBy(() -> TlsSource.open(files.withRevocations(key()), listener))
        .hasMessage(key() + ": there is no list of revoked certificates in it");
  }
}
