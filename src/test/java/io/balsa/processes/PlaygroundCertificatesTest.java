package io.balsa.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that secure a playground. */
class PlaygroundCertificatesTest {
  private static final SecurityWish BOTH = new SecurityWish(true, true);
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path folder;

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        files.put(each.getFileName().toString(), Files.readString(each));
      }
    }
    return files;
  }

  private void make(Duration later) throws IOException {
    PlaygroundCertificates.in(folder, NOW.plus(later));
  }

  private List<String> changed(Map<String, String> before) throws IOException {
    List<String> changed = new ArrayList<>(files().keySet());
    changed.removeIf(name -> files(before, name));
    return changed;
  }

  private boolean files(Map<String, String> before, String name) {
    try {
      return Objects.equals(files().get(name), before.get(name));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void certificatesStayUntilADayBeforeTheirEnd() throws IOException {
    make(Duration.ZERO);
    Map<String, String> first = files();
    make(Duration.ofDays(363));
    assertThat(changed(first)).isEmpty();

    make(Duration.ofDays(365));
    assertThat(changed(first))
        .contains("server.crt", "peer.key", "client-anyone.crt")
        .doesNotContain("client-ca.crt", "peer-ca.key");

    make(Duration.ofDays(3_650));
    assertThat(changed(first)).containsExactlyElementsOf(first.keySet());
  }

  @Test
  void keysAndPasswordAreForTheOwnerAlone() throws IOException {
    String password;
    try (ClusterSecurity security = ClusterSecurity.open(BOTH, folder)) {
      password = Objects.requireNonNull(security.root()).password();
      ClientEnvironment.of(security, security.address(23790)).write(folder.resolve("client.env"));
      assertThat(password).hasSize(24);
      assertThat(security.address(1)).isEqualTo(new HostPort("127.0.0.1", 1, true));
      assertThat(security.settings() + " " + security.serverFlags() + security.proxyFlags())
          .doesNotContain(password);
    }
    for (String secret :
        List.of("root-password", "client.env", "certs/server.key", "certs/client-anyone.key")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
          .as(secret)
          .isEqualTo("rw-------");
    }
    assertThat(folder.resolve("client.env"))
        .content()
        .contains("export ETCDCTL_ENDPOINTS='https://127.0.0.1:23790'\n")
        .contains("export ETCDCTL_USER='root:" + password + "'\n")
        .contains("export ETCDCTL_CACERT='" + folder.resolve("certs/client-ca.crt") + "'\n");
    try (ClusterSecurity again = ClusterSecurity.open(BOTH, folder)) {
      assertThat(Objects.requireNonNull(again.root()).password()).isEqualTo(password);
    }
  }

  @Test
  void aShellReadsAnyPath() {
    assertThat(ClientEnvironment.quoted("a b'c")).isEqualTo("'a b'\\''c'");
  }

  @Test
  void anotherWayToStartIsRefused() throws IOException {
    new RememberedSecurity(folder, BOTH).check();
    Files.writeString(folder.resolve(RememberedPorts.FILE), "23790\n");
    new RememberedSecurity(folder, BOTH).check();

    assertThatThrownBy(() -> new RememberedSecurity(folder, SecurityWish.NONE).check())
        .isInstanceOf(InstrumentFailure.class)
        .hasMessageContaining(
            "was begun with --tls --auth: give the same options, or take another");
  }

  @Test
  void olderDataHaveNoTls() throws IOException {
    Files.writeString(folder.resolve(RememberedPorts.FILE), "23790\n");
    new RememberedSecurity(folder, SecurityWish.NONE).check();

    assertThatThrownBy(() -> new RememberedSecurity(folder, BOTH).check())
        .hasMessageContaining(
            "without --tls and --auth: leave them out, or take another --data-dir");
  }
}
