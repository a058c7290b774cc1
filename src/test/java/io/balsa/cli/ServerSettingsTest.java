package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.model.Member;
import io.balsa.node.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
  @Test
  void theDefaults() {
    ServerSettings settings = ServerSettings.of(new ServerOptions());

    assertThat(settings.dataDir()).isEqualTo(Path.of("default.balsa"));
    assertThat(settings.existing()).isFalse();
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
  }

  @Test
  void aQuotaBelowZeroIsNone() {
    ServerOptions options = new ServerOptions();
    options.quotaBytes = -1;

    assertThat(ServerSettings.of(options).node().quotaBytes()).isZero();
  }

  @Test
  void everyServerOfAClusterFindsTheSameIds() {
    ServerSettings one = ServerSettings.of(options("a", 1));
    ServerSettings other = ServerSettings.of(options("b", 2));

    assertThat(one.node().clusterId()).isEqualTo(other.node().clusterId());
    assertThat(one.node().members()).isEqualTo(other.node().members());
    assertThat(one.node().self()).isNotEqualTo(other.node().self());
    assertThat(one.node().members().stream().map(Member::id)).contains(one.node().self());
  }

  private static ServerOptions options(String name, int port) {
    ServerOptions options = new ServerOptions();
    options.name = name;
    options.listenPeerUrls = "http://127.0.0.1:" + port;
    options.initialCluster = "a=http://127.0.0.1:1,b=http://127.0.0.1:2";
    return options;
  }

  @Test
  void theTokenKeepsClustersApart() {
    String members = "a=http://h:1";

    assertThat(InitialCluster.parse(members, "one").clusterId())
        .isNotEqualTo(InitialCluster.parse(members, "two").clusterId());
  }

  @Test
  void anIdIsTheBeginningOfAHash() {
    InitialCluster cluster = InitialCluster.parse("default=http://localhost:2380", "etcd-cluster");

    assertThat(cluster.members().getFirst().id()).isEqualTo(0x487554137cca34c1L);
    assertThat(cluster.clusterId()).isEqualTo(0xda59da4db15f746fL);
  }

  @Test
  void aMemberMayHaveSeveralUrlsInAnyOrder() {
    assertThat(InitialCluster.parse("a=http://h:1,a=http://h:2", "t"))
        .isEqualTo(InitialCluster.parse("a=http://h:2,a=http://h:1", "t"));
  }

  @Test
  void aUrlStandsOnce() {
    assertThatThrownBy(() -> InitialCluster.parse("a=http://h:1,b=http://h:1", "t"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("http://h:1 comes twice");
  }

  @Test
  void ownNameAndUrlsMustBeInTheCluster() {
    InitialCluster cluster = InitialCluster.parse("a=http://h:1", "t");

    assertThatThrownBy(() -> cluster.self("b", List.of(new HostPort("h", 1))))
        .hasMessage("--initial-cluster has no member 'b'; --name must be one of the names in it");
    assertThatThrownBy(() -> cluster.self("a", List.of(new HostPort("h", 2))))
        .hasMessageContaining("http://h:2")
        .hasMessageContaining("they must be the same");
  }
}
