package io.balsa.cli.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.cli.CommandRun;
import io.balsa.ctl.BadInput;
import io.balsa.server.ServerSettings;
import io.balsa.server.TlsSettings;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class EtcdFlagsTest {
  private static final Path DOCS = Path.of("docs", "compatibility.md");
  private static final int CELL_MAX = 200;

  /** No certificates, but two suites. */
  private static final TlsSettings SAMPLE_TLS =
      new TlsSettings(
          TlsFiles.NONE,
          TlsRules.DEFAULT.speaking(
              TlsVersion.TLS_1_2,
              TlsVersion.TLS_1_3,
              List.of(
                  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")),
          false,
          1,
          false);

  private final EtcdFlags flags = EtcdFlags.load();

  @ParameterizedTest
  @ValueSource(strings = {"flags-of-etcd-3.7.3.txt", "flags-of-etcd-3.4.23.txt"})
  void everyFlagOfEtcdIsInTheTable(String names) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(names))) {
      List<String> lines = new String(in.readAllBytes(), UTF_8).lines().toList();
      assertThat(flags.all()).extracting(EtcdFlags.Flag::name).containsAll(lines);
      assertThat(lines).hasSizeGreaterThan(70);
    }
  }

  @Test
  void whatWorksIsAnOptionOfTheServerAndNothingElseIs() {
    Map<String, OptionSpec> options =
        Objects.requireNonNull(CommandRun.program().getSubcommands().get("server"))
            .getCommandSpec()
            .optionsMap();

    for (EtcdFlags.Flag flag : flags.all()) {
      boolean works = flag.status() == EtcdFlags.Status.WORKS;
      assertThat(options.containsKey(flag.name())).as(flag.name()).isEqualTo(works);
    }
  }

  @Test
  void eachIgnoredFlagIsToldWithItsReason() {
    for (EtcdFlags.Flag flag : flags.all()) {
      if (flag.status() == EtcdFlags.Status.IGNORED) {
        Given given = new Given(flag.name(), "something", "ETCD_X");
        assertThat(flag.remark()).as(flag.name()).isNotEmpty();
        assertThat(flags.ignored(List.of(given)))
            .containsExactly("ETCD_X=something is ignored: " + flag.remark());
        assertThatCode(() -> flags.refuse(List.of(given))).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void eachRefusedFlagIsRefusedByNameUnlessItAsksForNothing() {
    for (EtcdFlags.Flag flag : flags.all()) {
      if (flag.status() == EtcdFlags.Status.REFUSED) {
        assertThatThrownBy(() -> flags.refuse(List.of(new Given(flag.name(), "v", flag.name()))))
            .isInstanceOf(BadInput.class)
            .hasMessage(flag.name() + " is refused: " + flag.remark() + "; leave it out");
        for (String harmless : flag.harmless()) {
          flags.refuse(List.of(new Given(flag.name(), harmless, flag.name())));
        }
        flags.refuse(List.of(new Given(flag.name(), "", flag.name())));
      }
    }
  }

  @Test
  void aVariableThatAsksForDiscoveryIsRefusedByName() {
    GivenSettings given = GivenServer.of(Map.of("ETCD_DISCOVERY_SRV", "h"));

    assertThatThrownBy(() -> flags.refuse(given.all()))
        .hasMessageStartingWith("ETCD_DISCOVERY_SRV is refused: discovery");
  }

  @Test
  void whatIsRefusedIsRefusedAlsoBesideAFile() {
    GivenSettings given =
        GivenServer.of("--config-file=" + resource("etcd.conf.yml"), "--discovery-srv=x");

    assertThatThrownBy(() -> flags.refuse(given.all()))
        .hasMessageStartingWith("--discovery-srv is");
  }

  @Test
  void theSampleOfEtcdsFileStandsForTheDefaultsOfAServer() {
    GivenSettings given = GivenServer.of("--config-file=" + resource("etcd.conf.yml"));

    flags.refuse(given.all());
    assertThat(flags.ignored(given.counting()))
        .extracting(line -> line.replaceAll(".*yml:\\d+: ([a-z-]+)=.*", "$1"))
        .containsExactly("strict-reconfig-check", "enable-pprof");
    ServerSettings settings = parse(given).settings().build();
    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(java.util.function.Consumer.class)
        .isEqualTo(
            ServerSettings.builder()
                .snapshotCount(10_000)
                .clientTls(SAMPLE_TLS)
                .peerTls(SAMPLE_TLS)
                .build());
  }

  private static ServerOptions parse(GivenSettings given) {
    CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.create());
    ServerOptions options = new ServerOptions();
    line.getCommandSpec()
        .addMixin("server", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
    line.setUnmatchedArgumentsAllowed(true).parseArgs(given.words().toArray(String[]::new));
    return options;
  }

  private static Path resource(String name) {
    return Path.of("src/test/resources/io/balsa/cli/settings", name);
  }

  @Test
  void theTableOfTheDocsIsTheTableOfTheProgram() throws IOException {
    String table = flags.all().stream().map(EtcdFlagsTest::row).collect(Collectors.joining("\n"));

    assertThat(Files.readString(DOCS))
        .contains("| flag | here | remark |\n|---|---|---|\n" + table);
    assertThat(flags.all()).allMatch(flag -> flag.remark().length() <= CELL_MAX);
  }

  private static String row(EtcdFlags.Flag flag) {
    String status = flag.status().name().toLowerCase(Locale.ROOT);
    return "| `%s` | %s | %s |".formatted(flag.name(), status, flag.remark());
  }
}
