package io.balsa.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.BadInput;
import io.balsa.front.GrpcLimits;
import io.balsa.front.HttpAccess;
import io.balsa.server.BadSettings;
import io.balsa.server.ClientPorts;
import io.balsa.server.ServerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerOptionsTest {
  private static void same(ServerSettings one, ServerSettings other) {
    assertThat(one)
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Consumer.class)
        .isEqualTo(other);
  }

  @Test
  void withoutFlagsTheSettingsAreTheDefaults() {
    same(new ServerOptions().settings().build(), ServerSettings.builder().build());
  }

  @Test
  void zeroStandsForTheDefaultAsInEtcd() {
    ServerOptions options = new ServerOptions();
    options.watchProgressInterval = "0s";
    options.snapshotCount = 0;

    same(options.settings().build(), ServerSettings.builder().build());
  }

  @ParameterizedTest
  @CsvSource({
    "0, --max-concurrent-streams: 0 is not between 1 and 4294967295",
    "4294967296, --max-concurrent-streams: 4294967296 is not between 1 and 4294967295"
  })
  void aWrongNumberOfStreamsIsRefused(long streams, String line) {
    ServerOptions options = new ServerOptions();
    options.ports.streams = streams;

    assertThatThrownBy(options::settings).isInstanceOf(BadInput.class).hasMessage(line);
  }

  @Test
  void theClientPortIsSetByItsFlags() {
    ServerOptions options = new ServerOptions();
    options.listenClientUrls = "unix:///run/b.sock,http://h:1";
    options.advertiseClientUrls = "http://h:2";
    options.ports.http = "http://h:3";
    options.ports.metricsUrls = "http://h:4";
    options.ports.metrics = "extensive";
    options.ports.jsonGateway = false;
    options.ports.cors = "http://a, http://b";
    options.ports.hosts = "h";
    options.ports.streams = 7;
    options.ports.pingLeast = "1s";
    options.ports.ping = "0";
    options.ports.pingTimeout = "1m30s";
    options.ports.slowRequest = "1.5s";

    assertThat(options.settings().build().clientPorts())
        .isEqualTo(
            new ClientPorts(
                List.of(HostPort.parse("unix:///run/b.sock")),
                List.of(),
                List.of(new HostPort("h", 3)),
                List.of(new HostPort("h", 4)),
                false,
                new HttpAccess(Set.of("http://a", "http://b"), Set.of("h")),
                new GrpcLimits(7, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(90)),
                Duration.ofMillis(1_500)));
    options.ports.metrics = "all";
    assertThatThrownBy(options::settings)
        .hasMessage("--metrics: 'all' is not one of basic, extensive");
  }

  @Test
  void aMemberMayHaveSeveralUrlsInAnyOrder() {
    same(member("a=http://h:1,a=http://h:2"), member("a=http://h:2,a=http://h:1"));
  }

  private static ServerSettings member(String cluster) {
    ServerOptions options = new ServerOptions();
    options.name = "a";
    options.advertisePeerUrls = "http://h:2,http://h:1";
    options.initialCluster = cluster;
    return options.settings().build();
  }

  @ParameterizedTest
  @CsvSource({
    "--auto-compaction-retention=30m, PT30M",
    "--auto-compaction-retention=1h30m, PT1H30M",
    "--auto-compaction-retention=2, PT2H",
    "--auto-compaction-retention=00, PT0S"
  })
  void historyIsKeptForATime(String flag, String time) {
    ServerOptions options = new ServerOptions();
    options.compactionRetention = flag.substring(flag.indexOf('=') + 1);

    same(
        options.settings().build(),
        ServerSettings.builder().keepHistory(Duration.parse(time)).build());
  }

  @Test
  void historyIsKeptByRevisions() {
    ServerOptions options = new ServerOptions();
    options.compactionMode = "revision";
    assertThatThrownBy(options::settings)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("needs --auto-compaction-retention");

    options.compactionRetention = "500";

    same(options.settings().build(), ServerSettings.builder().keepRevisions(500).build());
  }

  @Test
  void valuesThatDoNotFitTogetherAreRefused() {
    ServerOptions options = new ServerOptions();
    options.electionMillis = 499;

    assertThatThrownBy(() -> options.settings().build())
        .isInstanceOf(BadSettings.class)
        .hasMessage(
            "--election-timeout of 499 ms must be at least 5 times --heartbeat-interval of 100 ms");
  }
}
