package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.certs.Authority;
import io.balsa.certs.Pem;
import io.balsa.certs.RevocationList;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of a cluster for tests. */
@SharesCores
class CertsCommandTest {
  @TempDir private Path folder;

  private CommandRun certs(String... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("certs", "--dir=" + folder), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private X509Certificate certificate(String name) throws IOException {
    return Pem.certificates(Files.readString(folder.resolve(name + ".crt"))).getFirst();
  }

  private Authority authority(String name) throws IOException {
    return Authority.read(
        Files.readString(folder.resolve(name + ".crt")),
        Files.readString(folder.resolve(name + ".key")));
  }

  @Test
  void makesAllThatAClusterNeeds() throws Exception {
    CommandRun run = certs("--hosts=n1.example,10.0.0.1", "--users=root,alice");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("made " + folder.resolve("client-alice.crt"))
        .contains("--trusted-ca-file=" + folder.resolve("client-ca.crt"))
        .contains("--cacert=" + folder.resolve("client-ca.crt"));
    assertThat(certificate("server").getSubjectAlternativeNames())
        .containsExactly(List.of(2, "n1.example"), List.of(7, "10.0.0.1"));
    assertThat(certificate("client-alice").getSubjectX500Principal().getName())
        .isEqualTo("CN=alice");
    for (String name : List.of("client-ca", "peer-ca", "server", "peer", "client-root")) {
      assertThat(permissions(folder.resolve(name + ".key"))).as(name).isEqualTo("rw-------");
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void theAuthorityOfTheMembersKnowsNoClient() throws IOException {
    certs();

    Authority peers = authority("peer-ca");
    assertThat(peers.issued(certificate("peer"))).isTrue();
    assertThat(peers.issued(certificate("client-root"))).isFalse();
    assertThat(peers.issued(certificate("server"))).isFalse();
    assertThat(authority("client-ca").issued(certificate("client-root"))).isTrue();
  }

  @Test
  void keepsWhatIsThereAndAddsTheRest() throws IOException {
    certs("--hosts=localhost");
    X509Certificate server = certificate("server");

    CommandRun again = certs("--hosts=localhost,10.0.0.9", "--users=bob");

    assertThat(certificate("server")).isEqualTo(server);
    assertThat(again.out())
        .contains("kept " + folder.resolve("server.crt"))
        .contains("it does not name 10.0.0.9")
        .contains("made " + folder.resolve("client-bob.crt"));
    assertThat(authority("client-ca").issued(certificate("client-bob"))).isTrue();

    assertThat(certs("--force", "--users=bob").exitCode()).isZero();
    assertThat(certificate("server")).isNotEqualTo(server);
    assertThat(authority("client-ca").issued(certificate("client-root"))).isFalse();
    CommandRun stale = certs();
    assertThat(stale.exitCode()).isEqualTo(1);
    assertThat(stale.err()).contains("client-root.crt is of another authority; delete it");
  }

  @Test
  void aLostKeyIsAMistake() throws IOException {
    certs();
    Files.delete(folder.resolve("client-ca.key"));

    CommandRun run = certs();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("client-ca.crt is there, but client-ca.key is missing");
  }

  @Test
  void revokesCertificates() throws IOException {
    certs("--users=alice,bob");
    Path list = folder.resolve("client-ca.crl");

    CommandRun first = certs("--revoke=" + folder.resolve("client-alice.crt"));
    CommandRun second = certs("--revoke=" + folder.resolve("client-bob.crt"));
    CommandRun peer = certs("--revoke=" + folder.resolve("peer.crt"));

    assertThat(first.out()).contains("names 1 certificate now", "--client-crl-file=" + list);
    assertThat(second.out()).contains("names 2 certificates now");
    assertThat(peer.out()).contains("--peer-crl-file=" + folder.resolve("peer-ca.crl"));
    RevocationList revoked = RevocationList.read(Files.readAllBytes(list));
    assertThat(revoked.names(certificate("client-alice"))).isTrue();
    assertThat(revoked.names(certificate("server"))).isFalse();
  }

  @Test
  void refusesBadWordsOnOneLine() {
    for (String bad : List.of("--days=0", "--users=../x", "--hosts=a b", "--days=x")) {
      CommandRun run = certs(bad);
      assertThat(run.exitCode()).as(bad).isEqualTo(2);
      assertThat(run.err().lines()).as(bad).hasSize(1);
    }
    CommandRun foreign = certs("--revoke=pom.xml");
    assertThat(foreign.exitCode()).isEqualTo(1);
    assertThat(foreign.err()).contains("there is no certificate in it");
    assertThat(folder).isEmptyDirectory();
  }
}
