package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.host.Clock;
import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.FileDisk;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.host.RealHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.PlainLane;
import io.balsa.model.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start that fails in its midst leaves nothing open. */
class NodeStartTest {
  private final List<PlainLane> lanes = new ArrayList<>();

  @Test
  void aMachineThatHasNoMoreThreads() throws Exception {
    Path root = Files.createTempDirectory(Path.of("target"), "node-start");
    RocksEngines engines = new RocksEngines(root);
    GrpcNetwork network = new GrpcNetwork(List.of(HostPort.parse("http://127.0.0.1:0")));
    Host host = new FewLanes(new RealHost(new FileDisk(root), network, _ -> {}));
    for (int start = 1; start <= 2; start++) {
      assertThatThrownBy(() -> Node.start(config(), host, engines, NodeMetrics.NONE))
          .hasMessage("no more threads");
    }
    assertThat(lanes).hasSizeGreaterThan(2).allMatch(PlainLane::isClosed);
    network.close();
  }

  private static NodeConfig config() {
    Member alone = new Member(1, "m", List.of("http://127.0.0.1:0"), List.of(), false, 0);
    return NodeConfig.of(77, new NodeConfig.Self(1, "m", List.of()), List.of(alone))
        .withSegmentBytes(1 << 20);
  }

  /** A host that fails at the last lane. */
  private final class FewLanes implements Host {
    private final Host host;

    FewLanes(Host host) {
      this.host = host;
    }

    @Override
    public Lane networkLane(String name) {
      return lane(name);
    }

    @Override
    public Lane serviceLane(String name, Runnable recover) {
      return lane(name);
    }

    @Override
    public Lane lane(String name) {
      if (name.equals("flush")) {
        throw new IllegalStateException("no more threads");
      }
      PlainLane lane = new PlainLane();
      lanes.add(lane);
      return lane;
    }

    @Override
    public Clock clock() {
      return host.clock();
    }

    @Override
    public Dice dice() {
      return host.dice();
    }

    @Override
    public Disk disk() {
      return host.disk();
    }

    @Override
    public Network network() {
      return host.network();
    }

    @Override
    public void halt(String reason) {
      host.halt(reason);
    }
  }
}
