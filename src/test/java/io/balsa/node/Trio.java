package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.FreePorts;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.raft.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Three servers in one process over real disks and links, for tests. */
final class Trio {
  static final long CLUSTER = 77;

  final Map<Long, Node> nodes = new TreeMap<>();
  final List<Member> members = new ArrayList<>();
  final Path root;
  private final Map<Long, DataDirectory> directories = new TreeMap<>();

  Trio(String name) throws Exception {
    root = Files.createTempDirectory(Path.of("target"), name);
    for (int port : FreePorts.choose(3)) {
      long id = members.size() + 1L;
      List<String> peer = List.of("http://127.0.0.1:" + port);
      members.add(new Member(id, "m" + id, peer, List.of(), false, 0));
    }
    for (Member member : members) {
      start(member.id());
    }
  }

  void stopAll() throws Exception {
    for (long id : List.copyOf(nodes.keySet())) {
      stop(id);
    }
  }

  /** Lets go of the directory of a server that did not start. */
  void letGo(long id) throws Exception {
    Objects.requireNonNull(directories.remove(id)).close();
  }

  void start(long id) throws Exception {
    Launch launch = launch(id);
    nodes.put(id, Node.start(launch.config, launch.host, launch.engines, NodeMetrics.NONE));
  }

  record Launch(NodeConfig config, RealHost host, RocksEngines engines) {}

  Launch launch(long id) throws Exception {
    DataDirectory directory = DataDirectory.open(root.resolve("m" + id));
    directories.put(id, directory);
    String url = members.get((int) id - 1).peerUrls().getFirst();
    NodeConfig config =
        NodeConfig.of(
                CLUSTER, new NodeConfig.Self(id, "m" + id, List.of("http://127.0.0.1:0")), members)
            .withSegmentBytes(1 << 20)
            .withStall(5_000_000_000L);
    RealHost host =
        new RealHost(
            directory.disk(),
            new GrpcNetwork(List.of(HostPort.parse(url))),
            reason -> System.err.println("halted: " + reason));
    return new Launch(config, host, new RocksEngines(root.resolve("m" + id)));
  }

  void stop(long id) throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    Node node = nodes.remove(id);
    if (node != null) {
      node.stop(stopped::countDown);
      assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
      DataDirectory directory = directories.remove(id);
      if (directory != null) {
        directory.close();
      }
    }
  }

  Node node(long id) {
    return Objects.requireNonNull(nodes.get(id));
  }

  static Outcome await(Consumer<Consumer<Outcome>> request) throws Exception {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    request.accept(answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
  }

  static Outcome put(Node node, String key, String value) throws Exception {
    return await(
        done ->
            node.proposeOwn(
                new Command.Put(Bytes.utf8(key), Bytes.utf8(value), 0, false, false, false), done));
  }

  static String get(Node node, String key) throws Exception {
    Outcome outcome = await(done -> node.readOwn(Range.of(Bytes.utf8(key)), true, done));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    Result.Range range = (Result.Range) ((Outcome.Answered) outcome).result();
    return range.kvs().stream().map(KeyValue::value).map(Bytes::utf8).findFirst().orElse("");
  }

  long leader() throws Exception {
    until(
        () -> nodes.values().stream().anyMatch(node -> node.status().raft().role() == Role.LEADER));
    return nodes.values().stream()
        .filter(node -> node.status().raft().role() == Role.LEADER)
        .findFirst()
        .orElseThrow()
        .memberId();
  }
}
