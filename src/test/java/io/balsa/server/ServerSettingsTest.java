package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.model.Member;
import io.balsa.node.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
  @Test
  void theDefaults() {
    ServerSettings settings = ServerSettings.builder().build();

    assertThat(settings.dataDirectory()).isEqualTo(Path.of("default.balsa"));
    assertThat(settings.existing()).isFalse();
    assertThat(SettingsRules.bounded(Duration.ofSeconds(Long.MAX_VALUE)).toNanos()).isPositive();
    assertThat(settings.listenClients()).containsExactly(new HostPort("localhost", 2379));
    assertThat(settings.listenPeers()).containsExactly(new HostPort("localhost", 2380));
    assertThat(settings.maxRequestBytes()).isEqualTo(1_572_864);
    assertThat(settings.maxTxnOps()).isEqualTo(128);
    NodeConfig node = settings.node();
    assertThat(node.name()).isEqualTo("default");
    assertThat(node.clientUrls()).containsExactly("http://localhost:2379");
    assertThat(node.members().getFirst().peerUrls()).containsExactly("http://localhost:2380");
    assertThat(node.raft().heartbeatTicks()).isEqualTo(10);
    assertThat(node.raft().electionTicks()).isEqualTo(100);
    assertThat(node.segmentBytes()).isEqualTo(16 << 20);
    assertThat(node.retainBytes()).isEqualTo(128L << 20);
    assertThat(node.retainEntries()).isEqualTo(1_000_000);
    assertThat(Duration.ofNanos(node.requestTimeoutNanos())).isEqualTo(Duration.ofSeconds(7));
    assertThat(Duration.ofNanos(node.stallNanos())).isEqualTo(Duration.ofSeconds(1));
    assertThat(node.quotaBytes()).isEqualTo(2L << 30);
    assertThat(node.compaction().retention()).isEqualTo(Duration.ofHours(1).toMillis());
  }

  @Test
  void aQuotaBelowZeroIsNone() {
    assertThat(ServerSettings.builder().quotaBytes(-1).build().node().quotaBytes()).isZero();
  }

  @Test
  void everyServerOfAClusterFindsTheSameIds() {
    NodeConfig one = member("a", 1).build().node();
    NodeConfig other = member("b", 2).build().node();

    assertThat(one.clusterId()).isEqualTo(other.clusterId());
    assertThat(one.members()).isEqualTo(other.members());
    assertThat(one.self()).isNotEqualTo(other.self());
    assertThat(one.members().stream().map(Member::id)).contains(one.self());
  }

  private static ServerSettingsBuilder member(String name, int port) {
    return ServerSettings.builder()
        .name(name)
        .listenPeers(List.of(new HostPort("127.0.0.1", port)))
        .initialCluster(
            Map.of(
                "a", List.of(new HostPort("127.0.0.1", 1)),
                "b", List.of(new HostPort("127.0.0.1", 2))));
  }

  @Test
  void theTokenKeepsClustersApart() {
    assertThat(member("a", 1).initialClusterToken("one").build().node().clusterId())
        .isNotEqualTo(member("a", 1).initialClusterToken("two").build().node().clusterId());
  }

  @Test
  void anIdIsTheBeginningOfAHash() {
    ServerSettings settings = ServerSettings.builder().build();

    assertThat(settings.memberId()).isEqualTo(0x487554137cca34c1L);
    assertThat(settings.node().clusterId()).isEqualTo(0xda59da4db15f746fL);
  }

  @Test
  void aUrlStandsOnce() {
    HostPort same = new HostPort("h", 1);
    ServerSettingsBuilder settings =
        ServerSettings.builder().initialCluster(Map.of("a", List.of(same), "b", List.of(same)));

    assertThatThrownBy(settings::build)
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("http://h:1 comes twice");
  }

  @Test
  void ownNameAndUrlsMustBeInTheCluster() {
    assertThatThrownBy(member("c", 1)::build)
        .hasMessage("--initial-cluster has no member 'c'; --name must be one of the names in it");
    assertThatThrownBy(member("a", 3)::build)
        .hasMessageContaining("http://127.0.0.1:3")
        .hasMessageContaining("they must be the same");
  }

  @Test
  void anAddressThatStandsForAllIsNotAdvertised() {
    ServerSettingsBuilder settings =
        ServerSettings.builder().listenClients(List.of(new HostPort("0.0.0.0", 2379)));

    assertThatThrownBy(settings::build)
        .hasMessage(
            "--advertise-client-urls is needed, because http://0.0.0.0:2379 tells nobody where to"
                + " connect; give the machine's own address");
  }

  @Test
  void clientsAndPeersNeedAPortEach() {
    HostPort same = new HostPort("127.0.0.1", 2379);
    ServerSettingsBuilder settings =
        ServerSettings.builder().listenClients(List.of(same)).listenPeers(List.of(same));

    assertThatThrownBy(settings::build).hasMessageContaining("give each a port of its own");
  }
}
