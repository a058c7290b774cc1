package io.balsa.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private final Authority authority = Authority.create("test", KeyKind.EC_P256, NOW, LATER);

  @Test
  void aLeafHasWhatWasAskedFor() throws Exception {
    LeafRequest request =
        LeafRequest.server("s1", List.of("s1.example", "10.0.0.1", "::1"), NOW, LATER)
            .withSerial(BigInteger.valueOf(77));

    X509Certificate leaf = authority.issue(request).certificate();

    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=s1");
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "s1.example"), List.of(7, "10.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
    assertThat(leaf.getSerialNumber()).isEqualTo(77);
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW);
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(LATER);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void aPeerMayListenAndConnectAndAClientOnlyConnect() throws Exception {
    CertifiedKey peer = authority.issue(LeafRequest.peer("p", List.of("p.example"), NOW, LATER));
    CertifiedKey client = authority.issue(LeafRequest.client("root", NOW, LATER));

    assertThat(peer.certificate().getExtendedKeyUsage()).containsExactly(SERVER_AUTH, CLIENT_AUTH);
    assertThat(client.certificate().getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    assertThat(client.certificate().getSubjectAlternativeNames()).isNull();
  }

  @Test
  void chainsOfBothKindsOfKeysAreValid() throws Exception {
    Authority rsa = Authority.create("old", KeyKind.RSA_2048, NOW, LATER);
    Authority below = authority.subordinate("below", KeyKind.EC_P256, NOW, LATER);
    LeafRequest request = LeafRequest.client("alice", NOW, LATER);

    requireValid(authority.issue(request), authority);
    requireValid(rsa.issue(request), rsa);
    CertifiedKey deep = below.issue(request);
    requireValid(deep, authority);
    assertThat(Pem.certificates(deep.chainPem())).hasSize(2).isEqualTo(deep.chain());
    assertThatThrownBy(() -> requireValid(deep, rsa)).isInstanceOf(GeneralSecurityException.class);
  }

  private static void requireValid(CertifiedKey identity, Authority root)
      throws GeneralSecurityException {
    TrustAnchor anchor = new TrustAnchor(root.certificate(), null);
    PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW.plusSeconds(1)));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(identity.chain()), parameters);
  }

  @Test
  void anAuthorityComesBackFromItsTexts() throws Exception {
    CertifiedKey own = authority.identity();

    Authority again = Authority.read(own.certificatePem(), own.keyPem());

    assertThat(again.certificate()).isEqualTo(authority.certificate());
    CertifiedKey leaf = again.issue(LeafRequest.client("alice", NOW, LATER));
    assertThat(authority.issued(leaf.certificate())).isTrue();
    requireValid(leaf, authority);
  }

  @Test
  void refusesTextsThatDoNotFit() {
    CertifiedKey own = authority.identity();
    CertifiedKey leaf = authority.issue(LeafRequest.client("alice", NOW, LATER));

    assertThatThrownBy(() -> Authority.read(own.certificatePem(), leaf.keyPem()))
        .isInstanceOf(IOException.class)
        .hasMessage("the key does not fit the certificate");
    assertThatThrownBy(() -> Authority.read(leaf.certificatePem(), leaf.keyPem()))
        .hasMessage("the certificate is not that of an authority");
    assertThatThrownBy(() -> Authority.read(own.keyPem(), own.keyPem()))
        .hasMessage("there is no certificate in it");
    assertThatThrownBy(() -> Authority.read(own.certificatePem(), own.certificatePem()))
        .hasMessage("there is no private key in it");
  }

  @Test
  void aListOfRevokedCertificatesGrows() throws Exception {
    X509Certificate first = authority.issue(LeafRequest.client("a", NOW, LATER)).certificate();
    X509Certificate second = authority.issue(LeafRequest.client("b", NOW, LATER)).certificate();
    RevocationList none = authority.revokedNone(NOW);

    RevocationList one = authority.revoke(none, first, NOW);
    RevocationList both =
        authority.revoke(RevocationList.read(one.der()), second, NOW.plusSeconds(1));
    RevocationList again = authority.revoke(both, first, NOW.plusSeconds(2));

    assertThat(Stream.of(none, one, both, again).map(RevocationList::size))
        .containsExactly(0, 1, 2, 2);
    assertThat(one.names(first)).isTrue();
    assertThat(one.names(second)).isFalse();
    assertThat(both.names(second)).isTrue();
    both.crl().verify(authority.certificate().getPublicKey());
    byte[] pem = both.pem().getBytes(StandardCharsets.US_ASCII);
    assertThat(RevocationList.read(pem)).isEqualTo(both);
  }

  @Test
  void revokesOnlyWhatItIssued() {
    Authority other = Authority.create("test", KeyKind.EC_P256, NOW, LATER);
    X509Certificate foreign = other.issue(LeafRequest.client("a", NOW, LATER)).certificate();
    X509Certificate own = authority.issue(LeafRequest.client("a", NOW, LATER)).certificate();

    assertThatThrownBy(() -> authority.revoke(authority.revokedNone(NOW), foreign, NOW))
        .hasMessage("the certificate is of another authority");
    assertThatThrownBy(() -> authority.revoke(other.revokedNone(NOW), own, NOW))
        .hasMessage("the list is of another authority");
  }

  @Test
  void aSelfSignedCertificateVouchesForItself() throws Exception {
    LeafRequest request =
        LeafRequest.withHosts(
            "", List.of("localhost", "127.0.0.1"), Set.of(Usage.SERVER), NOW, LATER);

    CertifiedKey self = SelfSigned.make(request, KeyKind.EC_P256);

    X509Certificate certificate = self.certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("O=balsa");
    assertThat(certificate.getBasicConstraints()).isGreaterThanOrEqualTo(0);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
  }

  @Test
  void refusesBadRequests() {
    assertThatThrownBy(() -> LeafRequest.server("s", List.of("a b"), NOW, LATER))
        .hasMessage("bad host \"a b\": give a DNS name or an IP address");
    assertThatThrownBy(() -> LeafRequest.client("s", LATER, NOW))
        .hasMessage("a certificate must begin before it ends");
    assertThatThrownBy(() -> LeafRequest.client("x".repeat(65), NOW, LATER))
        .hasMessageContaining("longer than 64 characters");
    LeafRequest good = LeafRequest.client("s", NOW, LATER);
    assertThatThrownBy(() -> good.withSerial(BigInteger.ZERO))
        .hasMessageContaining("serial number must be positive");
  }

  @Test
  void aTextOfAKeyHidesTheKey() {
    assertThat(authority.identity()).hasToString("CertifiedKey[CN=test]");
  }
}
