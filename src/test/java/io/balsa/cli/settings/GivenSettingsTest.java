package io.balsa.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.cli.CommandRun;
import io.balsa.ctl.BadInput;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SharesCores
class GivenSettingsTest {
  @TempDir private Path folder;

  private String file(String... lines) throws IOException {
    return "--config-file=" + Files.write(folder.resolve("c.yml"), List.of(lines));
  }

  @Test
  void theLastOfARepeatedFlagCounts() {
    assertThat(GivenServer.of("--name=a", "--pre-vote=false", "-name", "b", "--pre-vote").words())
        .containsExactly("--name=b", "--pre-vote=true");
    assertThat(
            GivenServer.of(
                    "--experimental-watch-progress-notify-interval=1s",
                    "--watch-progress-notify-interval=2s")
                .words())
        .containsExactly("--watch-progress-notify-interval=2s");
  }

  @Test
  void flagsAreReadAsGoReadsThem() {
    assertThat(GivenServer.of("-name", "-b", "--pre-vote=F", "--data-dir", "--", "x").words())
        .containsExactly("--name=-b", "--pre-vote=false", "--data-dir=--", "x");
    assertThat(GivenServer.of("--pre-vote", "false", "--help", "--what=1").words())
        .containsExactly("--pre-vote=true", "false", "--help", "--what=1");
    assertThatThrownBy(() -> GivenServer.of("--name")).hasMessage("--name: a value is missing");
    assertThatThrownBy(() -> GivenServer.of("--pre-vote=yes"))
        .hasMessage("--pre-vote: 'yes' is neither true nor false");
  }

  @Test
  void aFlagWinsOverAVariableAndOurVariableOverEtcds() {
    Map<String, String> environment =
        Map.of(
            "ETCD_NAME", "etcd",
            "BALSA_NAME", "balsa",
            "ETCD_DATA_DIR", "there",
            "ETCD_CERT_FILE", "",
            "ETCD_SNAPSHOT_COUNT", "5");

    GivenSettings given = GivenServer.of(environment, "--snapshot-count=7");

    assertThat(given.words())
        .containsExactlyInAnyOrder("--name=balsa", "--data-dir=there", "--snapshot-count=7");
    assertThat(given.warnings())
        .containsExactlyInAnyOrder(
            "ETCD_NAME is ignored: BALSA_NAME counts",
            "ETCD_SNAPSHOT_COUNT is ignored: --snapshot-count counts");
  }

  @Test
  void aVariableThatNobodyKnowsIsTold() {
    Map<String, String> environment =
        Map.of(
            "ETCD_FOO", "1",
            "ETCD_UNSUPPORTED_ARCH", "arm",
            "ETCDCTL_API", "3",
            "BALSA_ENDPOINTS", "h:1",
            "BALSA_JAVA_OPTS", "-Xmx1g",
            "BALSA_BAR", "2");

    assertThat(GivenServer.of(environment).warnings())
        .containsExactly(
            "BALSA_BAR is no variable of this program: ignored",
            "ETCD_FOO is no variable of this program: ignored");
  }

  @Test
  void aVariableOfAnotherCommandIsNoError() {
    Map<String, String> environment =
        Map.of(
            "BALSA_INSECURE_TRANSPORT", "true",
            "BALSA_CACERT", "",
            "ETCD_USER", "etcd",
            "ETCD_ENDPOINTS", "h:1");

    assertThat(GivenServer.of(environment).warnings())
        .containsExactly(
            "ETCD_ENDPOINTS is no variable of this program: ignored",
            "ETCD_USER is no variable of this program: ignored");
  }

  @Test
  void besideAFileNothingElseCountsAndThatIsTold() throws IOException {
    GivenSettings given =
        GivenServer.of(
            Map.of("ETCD_NAME", "e"), "--name=a", "--exit-with-parent", file("data-dir: d"));

    assertThat(given.words())
        .contains("--data-dir=d", "--exit-with-parent=true")
        .doesNotContain("--name=a", "--name=e");
    assertThat(given.warnings())
        .containsExactly(
            "ETCD_NAME is ignored: with --config-file nothing else counts",
            "--name is ignored: with --config-file nothing else counts");
  }

  @Test
  void aVariableCanNameTheFile() throws IOException {
    String path = file("name: f").substring("--config-file=".length());

    assertThat(GivenServer.of(Map.of("ETCD_CONFIG_FILE", path)).words())
        .containsExactly("--config-file=" + path, "--name=f");
  }

  @Test
  void aFileHasSectionsListsAndTimesInNanoseconds() throws IOException {
    assertThat(
            GivenServer.of(
                    file(
                        "listen-client-urls: [http://a:1, http://b:2]",
                        "watch-progress-notify-interval: 600000000000",
                        "auto-compaction-retention: 1",
                        "pre-vote: on",
                        "data-dir:",
                        "peer-transport-security:",
                        "  cert-file: c",
                        "  allowed-cn: [x, y]",
                        "client-transport-security:"))
                .words())
        .filteredOn(word -> !word.startsWith("--config-file="))
        .containsExactly(
            "--listen-client-urls=http://a:1,http://b:2",
            "--watch-progress-notify-interval=600000000000ns",
            "--auto-compaction-retention=1",
            "--pre-vote=true",
            "--peer-cert-file=c",
            "--peer-cert-allowed-cn=x,y");
    assertThat(GivenServer.of(file("# nothing")).words()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "nama: x, c.yml:2: nama is no setting",
    "name: y, c.yml:2: name is there twice",
    "pre-vote: maybe, c.yml:2: pre-vote: 'maybe' is neither true nor false",
    "data-dir: {a: b}, c.yml:2: data-dir must be one value",
    "client-transport-security: x, c.yml:2: client-transport-security must hold lines",
    "client-transport-security: {ca-fil: x}, c.yml:2: ca-fil is no setting",
    "data-dir: 'x, c.yml:3: this is not YAML"
  })
  void aWrongLineOfAFileIsTold(String line, String message) throws IOException {
    String file = file("name: x", line);

    assertThatThrownBy(() -> GivenServer.of(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void anErrorNamesTheSourceOfTheValue() throws IOException {
    assertThat(
            GivenServer.of(Map.of("ETCD_NAME", "a,b"))
                .inWordsOfSource("--name: 'a,b' must not")
                .getMessage())
        .isEqualTo("ETCD_NAME: 'a,b' must not");
    assertThat(GivenServer.of("--name=a").inWordsOfSource("--name-x: no").getMessage())
        .isEqualTo("--name-x: no");
    assertThat(GivenServer.of(file("name: a")).inWordsOfSource("--name: no").getMessage())
        .endsWith("c.yml:1: name: no");
  }

  @Test
  void theLineOfSettingsShowsWhatIsInForce() {
    List<Object> line = GivenServer.inForce("--name=a", "--experimental-warning-apply-duration=2s");

    assertThat(field(line, "data-dir")).isEqualTo("a.balsa");
    assertThat(field(line, "auto-compaction-retention")).isEqualTo("1h");
    assertThat(field(line, "quota-backend-bytes")).isEqualTo("2147483648");
    assertThat(field(line, "warning-apply-duration")).isEqualTo("2s");
    assertThat(field(line, "given-by-flags"))
        .isEqualTo("--name,--experimental-warning-apply-duration");
    assertThat(line)
        .doesNotContain("", "null", "experimental-warning-apply-duration")
        .doesNotContain("config-file", "given-otherwise", "initial-cluster", "cors")
        .doesNotContain("max-response-bytes", "disk-reserve-bytes");
  }

  @Test
  void aZeroThatStandsForTheDefaultIsShownAsTheDefault() {
    List<Object> line =
        GivenServer.inForce(
            "--quota-backend-bytes=0", "--snapshot-count=0", "--watch-progress-notify-interval=0");

    assertThat(field(line, "quota-backend-bytes")).isEqualTo("2147483648");
    assertThat(field(line, "snapshot-count")).isEqualTo("1000000");
    assertThat(field(line, "watch-progress-notify-interval")).isEqualTo("10m");
    assertThat(field(GivenServer.inForce("--quota-backend-bytes=-1"), "quota-backend-bytes"))
        .isEqualTo("-1");
  }

  private static Object field(List<Object> line, String name) {
    return line.get(line.indexOf(name) + 1);
  }

  @Test
  void aServerSaysWhereAWrongValueStands() throws IOException {
    CommandRun run = CommandRun.of("server", file("name: a", "snapshot-count: many"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("c.yml:2: snapshot-count: 'many' is not a whole number")
        .hasLineCount(1);
    CommandRun tls = CommandRun.of("server", file("client-transport-security:", "  key-file: k"));
    assertThat(tls.exitCode()).isEqualTo(2);
    assertThat(tls.err()).contains("c.yml:2: key-file: give --cert-file too").hasLineCount(1);
    CommandRun missing = CommandRun.of("proxy", "--config-file=nowhere.yml");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err())
        .isEqualTo("balsa proxy: --config-file: there is no file nowhere.yml\n");
  }
}
