package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.ctl.BadInput;
import io.balsa.server.BadSettings;
import io.balsa.server.ServerSettings;
import java.time.Duration;
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
