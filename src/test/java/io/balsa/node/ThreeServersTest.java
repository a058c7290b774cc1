package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.host.FileDisk;
import io.balsa.house.SharesCores;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.Result;
import io.balsa.raft.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three servers in one process over real disks and links. */
@SharesCores
class ThreeServersTest {
  private Trio trio;

  @BeforeEach
  void startAll() throws Exception {
    trio = new Trio("three-servers");
  }

  @AfterEach
  void stopAll() throws Exception {
    trio.stopAll();
  }

  /** Starts a server whose log is damaged; gives what it said meanwhile. */
  private List<String> startRepaired(long id) throws Exception {
    Trio.Launch launch = trio.launch(id);
    List<String> said = new CopyOnWriteArrayList<>();
    CompletableFuture<Node> node = new CompletableFuture<>();
    Node.start(
        launch.config(),
        launch.host(),
        launch.engines(),
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
    trio.nodes.put(id, node.get(10, TimeUnit.SECONDS));
    return said;
  }

  @Test
  void whatOneServerAcknowledgedAllServersRead() throws Exception {
    for (long id = 1; id <= 3; id++) {
      assertThat(Trio.put(trio.node(id), "k" + id, "v" + id)).isInstanceOf(Outcome.Answered.class);
      for (long reader = 1; reader <= 3; reader++) {
        assertThat(Trio.get(trio.node(reader), "k" + id)).isEqualTo("v" + id);
      }
    }
  }

  @Test
  void aStoppedLeaderIsFollowedAtOnceAndComesBackWithEverything() throws Exception {
    assertThat(Trio.put(trio.node(1), "a", "1")).isInstanceOf(Outcome.Answered.class);
    long old = trio.leader();
    trio.stop(old);
    long other = old == 1 ? 2 : 1;
    assertThat(Trio.put(trio.node(other), "b", "2")).isInstanceOf(Outcome.Answered.class);
    trio.start(old);
    assertThat(Trio.get(trio.node(old), "a")).isEqualTo("1");
    assertThat(Trio.get(trio.node(old), "b")).isEqualTo("2");
    until(() -> trio.node(old).status().hash() == trio.node(other).status().hash());
  }

  @Test
  void kb37ABitFlippedInAnEarlySegmentIsRepairedFromTheOthers() throws Exception {
    for (int i = 0; i < 300; i++) {
      Trio.put(trio.node(1), "k" + i, "value-" + i + "-".repeat(8_000));
    }
    trio.stop(2);
    Path segment = trio.root.resolve("m2/wal/0000000000000001.wal");
    byte[] whole = Files.readAllBytes(segment);
    assertThat(Files.exists(segment.resolveSibling("0000000000000002.wal"))).isTrue();
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 4;
    Files.write(segment, flipped);
    Trio.put(trio.node(1), "k0", "new");
    List<String> damage = startRepaired(2);
    assertThat(damage)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("log segment wal/0000000000000001.wal is damaged at offset ")
        .endsWith("neither votes nor serves");
    assertThat(Files.readAllBytes(segment)).isEqualTo(whole);
    assertThat(Trio.get(trio.node(2), "k0")).isEqualTo("new");
    assertThat(hashOf(trio.node(2))).isEqualTo(hashOf(trio.node(1)));
  }

  /** With its log went its votes and what it acknowledged, though its store is there. */
  @Test
  void aServerWithoutItsLogDoesNotStart() throws Exception {
    assertThat(Trio.put(trio.node(1), "a", "1")).isInstanceOf(Outcome.Answered.class);
    until(() -> trio.node(2).status().members().stream().allMatch(member -> member.disk() != 0));
    trio.stop(2);
    new FileDisk(trio.root.resolve("m2")).delete("wal");
    for (int start = 1; start <= 2; start++) { // the first one must have let go of everything
      assertThatThrownBy(() -> trio.start(2))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("joined with another data directory");
      trio.letGo(2);
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
    until(() -> trio.nodes.values().stream().mapToLong(Node::leader).distinct().count() == 1);
    long target = trio.leader() == 3 ? 2 : 3;
    assertThat(Trio.await(done -> nodeOf(target, done))).isInstanceOf(Outcome.Answered.class);
    until(() -> trio.node(target).status().raft().role() == Role.LEADER);
  }

  /** It is applied at once, and answered when the history is gone: in another term. */
  @Test
  void aPhysicalCompactionOutlivesItsLeader() throws Exception {
    int rounds = 900;
    CountDownLatch written = new CountDownLatch(rounds);
    for (int i = 0; i < rounds; i++) {
      trio.node(1).proposeOwn(manyPuts(), _ -> written.countDown());
    }
    assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
    for (long id = 1; id <= 3; id++) {
      CompletableFuture<Outcome> compacted = new CompletableFuture<>();
      trio.node(id).proposeOwn(new Command.Compact(id * rounds / 3, true), compacted::complete);
      until(() -> trio.node(1).status().compactRevision() > 1);
      long next = trio.leader() % 3 + 1;
      Trio.await(done -> nodeOf(next, done));

      Outcome outcome = compacted.get(30, TimeUnit.SECONDS);
      assertThat(outcome).isInstanceOf(Outcome.Answered.class);
      assertThat(((Outcome.Answered) outcome).result()).isInstanceOf(Result.Done.class);
    }
  }

  private static Command manyPuts() {
    List<Command.Op> puts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      puts.add(new Command.Put(Bytes.utf8("key" + i), Bytes.utf8("v"), 0, false, false, false));
    }
    return new Command.Txn(List.of(), puts, List.of());
  }

  private void nodeOf(long target, Consumer<Outcome> done) {
    for (Node node : trio.nodes.values()) {
      if (node.status().raft().role() == Role.LEADER) {
        node.moveLeader(target, done);
        return;
      }
    }
  }
}
