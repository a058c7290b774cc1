package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.duties.CompactionPolicy;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.FileDisk;
import io.balsa.host.FreePorts;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.kv.Command;
import io.balsa.kv.HashKv;
import io.balsa.kv.KeyValue;
import io.balsa.kv.Member;
import io.balsa.kv.Range;
import io.balsa.kv.Result;
import io.balsa.raft.RaftConfig;
import io.balsa.raft.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three servers in one process over real disks and links. */
class ThreeServersTest {
  private final Map<Long, Node> nodes = new TreeMap<>();
  private final Map<Long, DataDirectory> directories = new TreeMap<>();
  private final List<Member> members = new ArrayList<>();
  private Path root = Path.of("target");

  @BeforeEach
  void startAll() throws Exception {
    root = Files.createTempDirectory(Path.of("target"), "three-servers");
    for (int port : FreePorts.choose(3)) {
      long id = members.size() + 1L;
      List<String> peer = List.of("http://127.0.0.1:" + port);
      members.add(new Member(id, "m" + id, peer, List.of(), false, 0));
    }
    for (Member member : members) {
      start(member.id());
    }
  }

  @AfterEach
  void stopAll() throws Exception {
    for (long id : List.copyOf(nodes.keySet())) {
      stop(id);
    }
  }

  private void start(long id) throws Exception {
    Launch launch = launch(id);
    nodes.put(id, Node.start(launch.config, launch.host, launch.engines, NodeMetrics.NONE));
  }

  /** Starts a server whose log is damaged; gives what it said meanwhile. */
  private List<String> startRepaired(long id) throws Exception {
    Launch launch = launch(id);
    List<String> said = new CopyOnWriteArrayList<>();
    CompletableFuture<Node> node = new CompletableFuture<>();
    Node.start(
        launch.config,
        launch.host,
        launch.engines,
        NodeMetrics.NONE,
        new Node.Starting() {
          @Override
          public void repairing(String damage) {
            said.add(damage);
          }

          @Override
          public void started(Node started) {
            node.complete(started);
          }

          @Override
          public void failed(StartupFailure failure) {
            node.completeExceptionally(failure);
          }
        });
    nodes.put(id, node.get(10, TimeUnit.SECONDS));
    return said;
  }

  private record Launch(NodeConfig config, RealHost host, RocksEngines engines) {}

  private Launch launch(long id) throws Exception {
    DataDirectory directory = DataDirectory.open(root.resolve("m" + id));
    directories.put(id, directory);
    String url = members.get((int) id - 1).peerUrls().getFirst();
    NodeConfig config =
        new NodeConfig(
            77,
            id,
            "m" + id,
            List.of("http://127.0.0.1:0"),
            members,
            RaftConfig.defaults(id),
            1 << 20,
            256 << 20,
            Long.MAX_VALUE,
            64 << 20,
            7_000_000_000L,
            5_000_000_000L,
            0,
            CompactionPolicy.OFF);
    RealHost host =
        new RealHost(
            directory.disk(),
            new GrpcNetwork(List.of(HostPort.parse(url))),
            reason -> System.err.println("halted: " + reason));
    return new Launch(config, host, new RocksEngines(root.resolve("m" + id)));
  }

  private void stop(long id) throws Exception {
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

  private Node node(long id) {
    return Objects.requireNonNull(nodes.get(id));
  }

  private static Outcome await(Consumer<Consumer<Outcome>> request) throws Exception {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    request.accept(answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
  }

  private static Outcome put(Node node, String key, String value) throws Exception {
    return await(
        done ->
            node.propose(
                new Command.Put(Bytes.utf8(key), Bytes.utf8(value), 0, false, false, false), done));
  }

  private static String get(Node node, String key) throws Exception {
    Outcome outcome = await(done -> node.read(Range.of(Bytes.utf8(key)), true, done));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    Result.Range range = (Result.Range) ((Outcome.Answered) outcome).result();
    return range.kvs().stream().map(KeyValue::value).map(Bytes::utf8).findFirst().orElse("");
  }

  private long leader() throws Exception {
    until(
        () -> nodes.values().stream().anyMatch(node -> node.status().raft().role() == Role.LEADER));
    return nodes.values().stream()
        .filter(node -> node.status().raft().role() == Role.LEADER)
        .findFirst()
        .orElseThrow()
        .memberId();
  }

  @Test
  void whatOneServerAcknowledgedAllServersRead() throws Exception {
    for (long id = 1; id <= 3; id++) {
      assertThat(put(node(id), "k" + id, "v" + id)).isInstanceOf(Outcome.Answered.class);
      for (long reader = 1; reader <= 3; reader++) {
        assertThat(get(node(reader), "k" + id)).isEqualTo("v" + id);
      }
    }
  }

  @Test
  void aStoppedLeaderIsFollowedAtOnceAndComesBackWithEverything() throws Exception {
    assertThat(put(node(1), "a", "1")).isInstanceOf(Outcome.Answered.class);
    long old = leader();
    stop(old);
    long other = old == 1 ? 2 : 1;
    assertThat(put(node(other), "b", "2")).isInstanceOf(Outcome.Answered.class);
    start(old);
    assertThat(get(node(old), "a")).isEqualTo("1");
    assertThat(get(node(old), "b")).isEqualTo("2");
    until(() -> node(old).status().hash() == node(other).status().hash());
  }

  @Test
  void kb37ABitFlippedInAnEarlySegmentIsRepairedFromTheOthers() throws Exception {
    for (int i = 0; i < 300; i++) {
      put(node(1), "k" + i, "value-" + i + "-".repeat(8_000));
    }
    stop(2);
    Path segment = root.resolve("m2/wal/0000000000000001.wal");
    byte[] whole = Files.readAllBytes(segment);
    assertThat(Files.exists(segment.resolveSibling("0000000000000002.wal"))).isTrue();
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 4;
    Files.write(segment, flipped);
    put(node(1), "k0", "new");
    List<String> damage = startRepaired(2);
    assertThat(damage)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("log segment wal/0000000000000001.wal is damaged at offset ")
        .endsWith("neither votes nor serves");
    assertThat(Files.readAllBytes(segment)).isEqualTo(whole);
    assertThat(get(node(2), "k0")).isEqualTo("new");
    assertThat(hashOf(node(2))).isEqualTo(hashOf(node(1)));
  }

  /** With its log went its votes and what it acknowledged, though its store is there. */
  @Test
  void aServerWithoutItsLogDoesNotStart() throws Exception {
    assertThat(put(node(1), "a", "1")).isInstanceOf(Outcome.Answered.class);
    until(() -> node(2).status().members().stream().allMatch(member -> member.disk() != 0));
    stop(2);
    new FileDisk(root.resolve("m2")).delete("wal");
    for (int start = 1; start <= 2; start++) { // the first one must have let go of everything
      assertThatThrownBy(() -> start(2))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("joined with another data directory");
      Objects.requireNonNull(directories.remove(2L)).close();
    }
  }

  private static HashKv hashOf(Node node) throws Exception {
    CompletableFuture<HashKv> hash = new CompletableFuture<>();
    node.hashKv(
        0,
        AnswerRoom.UNBOUNDED,
        hash::complete,
        failure -> hash.completeExceptionally(new IllegalStateException()));
    return hash.get(10, TimeUnit.SECONDS);
  }

  @Test
  void leadershipMovesWhereItIsSent() throws Exception {
    until(() -> nodes.values().stream().mapToLong(Node::leader).distinct().count() == 1);
    long target = leader() == 3 ? 2 : 3;
    assertThat(await(done -> nodeOf(target, done))).isInstanceOf(Outcome.Answered.class);
    until(() -> node(target).status().raft().role() == Role.LEADER);
  }

  private void nodeOf(long target, Consumer<Outcome> done) {
    for (Node node : nodes.values()) {
      if (node.status().raft().role() == Role.LEADER) {
        node.moveLeader(target, done);
        return;
      }
    }
  }
}
