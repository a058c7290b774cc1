package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.duties.CompactionPolicy;
import io.balsa.model.Command;
import io.balsa.model.Member;
import io.balsa.raft.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a round flushes, drops and proposes. */
class HousekeepingTest {
  private static final int ROUND_TICKS = 100;
  private static final long MIB = 1 << 20;

  /** Keeps no more log than followers need. */
  private static NodeConfig keepingNothing(int servers) {
    return HandNode.configOf(servers).withRetainBytes(0).withRetainEntries(0);
  }

  private static long first(HandNode server) {
    return server.parts.raft().status().first();
  }

  private static long last(HandNode server) {
    return server.parts.raft().status().last().index();
  }

  @Test
  void theLogGoesOnceTheStoreHasFlushed() throws Exception {
    HandNode server = HandNode.alone(keepingNothing(1));
    server.host.hold("flush");
    server.put("a");
    long applied = last(server);
    server.host.pass(3 * ROUND_TICKS);
    assertThat(first(server)).as("nothing is flushed").isEqualTo(1);
    server.host.release("flush");
    server.host.pass(ROUND_TICKS);
    assertThat(first(server)).isGreaterThan(applied);
    server.host.pass(3 * ROUND_TICKS);
    assertThat(first(server)).isEqualTo(last(server) + 1);
  }

  @Test
  void whatIsAppliedAfterAFlushWaitsForTheNextOne() throws Exception {
    HandNode server = HandNode.alone(keepingNothing(1));
    server.host.pass(3 * ROUND_TICKS);
    long flushed = last(server);
    server.host.hold("flush");
    server.put("later");
    server.host.pass(3 * ROUND_TICKS);
    assertThat(first(server)).isEqualTo(flushed + 1);
    server.host.release("flush");
    server.host.pass(2 * ROUND_TICKS);
    assertThat(first(server)).isEqualTo(flushed + 2);
  }

  @Test
  void onlyWhatIsFlushedGoesThoughMoreIsApplied() throws Exception {
    HandNode server = HandNode.alone(keepingNothing(1));
    server.host.pass(3 * ROUND_TICKS);
    server.host.hold("flush");
    server.put("a");
    long flushed = last(server);
    server.host.pass(2 * ROUND_TICKS);
    server.host.release("flush");
    server.host.hold("flush");
    server.put("b");
    server.host.pass(ROUND_TICKS);
    assertThat(first(server)).isEqualTo(flushed + 1);
    assertThat(last(server)).isEqualTo(flushed + 1);
  }

  @Test
  void whileOneFlushIsUnderWayNoOtherIsAskedFor() throws Exception {
    HandNode server = HandNode.alone(keepingNothing(1));
    server.host.pass(3 * ROUND_TICKS);
    server.host.hold("flush");
    server.put("a");
    server.host.pass(3 * ROUND_TICKS);
    assertThat(server.host.laneOf("flush").waiting())
        .as("a measure in each round, and one flush")
        .isEqualTo(3 + 1);
  }

  @Test
  void anIdleStoreIsFlushedAfterHalfAMinute() throws Exception {
    HandNode server = HandNode.alone();
    server.host.pass(2 * ROUND_TICKS);
    server.host.hold("flush");
    server.put("a");
    int measures = server.host.laneOf("flush").waiting();
    server.host.pass(31 * ROUND_TICKS);
    int rounds = 31;
    assertThat(server.host.laneOf("flush").waiting() - measures)
        .as("one flush beside a measure in each round, though it is due in each")
        .isEqualTo(rounds + 1);
  }

  @Test
  void withTooLittleRoomOnTheDiskNothingIsFlushed() throws Exception {
    HandNode server = HandNode.alone(keepingNothing(1).withDiskReserve(100 * MIB));
    server.host.pass(3 * ROUND_TICKS);
    server.disk.space(39 * MIB);
    server.host.pass(ROUND_TICKS);
    long first = first(server);
    server.put("a");
    server.host.pass(3 * ROUND_TICKS);
    assertThat(first(server)).isEqualTo(first);
    server.disk.space(400 * MIB);
    server.host.pass(3 * ROUND_TICKS);
    assertThat(first(server)).isGreaterThan(first);
  }

  @Test
  void whatALiveFollowerNeedsIsKept() throws Exception {
    HandNode server = HandNode.leader(keepingNothing(3).withRetainBytes(1));
    server.put("a");
    long acknowledged = last(server);
    server.peer(2).send(new Message.AppendEntriesReply(1, acknowledged));
    server.put("b");
    for (int i = 0; i < 40; i++) {
      server.host.pass(10);
      server.peer(2).send(new Message.HeartbeatReply(1, 0));
    }
    assertThat(first(server)).isLessThanOrEqualTo(acknowledged + 1);
  }

  @Test
  void aServerMakesItselfKnownOnce() throws Exception {
    HandNode server = HandNode.alone();
    server.host.pass(2 * ROUND_TICKS);
    Member self = server.parts.apply().facts().members().getFirst();
    assertThat(self.name()).isEqualTo("m1");
    assertThat(self.clientUrls()).containsExactly("http://client");
    assertThat(self.disk()).isEqualTo(server.parts.identity().disk());
    long last = last(server);
    server.host.pass(5 * ROUND_TICKS);
    assertThat(last(server)).isEqualTo(last);
  }

  @Test
  void theLeaderTellsTheClusterItsQuota() throws Exception {
    HandNode server = HandNode.alone(HandNode.configOf(1).withQuota(12_345));
    server.host.pass(2 * ROUND_TICKS);
    assertThat(server.parts.apply().facts().quota()).isEqualTo(12_345);
  }

  @Test
  void aFollowerProposesNothingForTheCluster() throws Exception {
    HandNode server = new HandNode(HandNode.configOf(3).withQuota(12_345));
    server.peer(2).connect();
    int forwarded = 0;
    for (int i = 0; i < 30; i++) {
      server.peer(2).send(new Message.Heartbeat(1, 0, 0));
      server.host.pass(10);
      for (Message message : server.peer(2).received()) {
        if (message instanceof Message.ForwardProposals proposals) {
          forwarded += proposals.commands().size();
        }
      }
    }
    assertThat(forwarded).as("its own name, in each of three rounds").isEqualTo(3);
  }

  @Test
  void theLeaderForgetsHistory() throws Exception {
    var policy = new CompactionPolicy(CompactionPolicy.Mode.REVISION, 2);
    HandNode server = HandNode.alone(HandNode.configOf(1).withCompaction(policy));
    for (String key : List.of("a", "b", "c", "d")) {
      server.put(key);
    }
    long revision = server.parts.apply().facts().revision();
    server.host.pass(400 * ROUND_TICKS);
    assertThat(server.parts.apply().facts().compactRevision()).isEqualTo(revision - 2);
  }

  @Test
  void aMemberThatComesWithAnotherDiskStops() throws Exception {
    HandNode server = HandNode.alone();
    long other = server.parts.identity().disk() + 1;
    server.parts.commands().propose(new Command.Publish(1, "m1", List.of("http://client"), other));
    server.host.run();
    assertThat(server.host.halts()).containsExactly(Boot.ANOTHER_DISK);
  }

  @Test
  void theEndFlushesALastTimeAndARoundAfterItDoesNothing() throws Exception {
    HandNode server = HandNode.alone();
    server.put("a");
    server.life.end();
    server.host.run();
    assertThat(server.host.areAllClosed()).isTrue();
    server.parts.housekeeping().flush();
    server.host.pass(2 * ROUND_TICKS);
    assertThat(server.host.halts()).isEmpty();
    HandNode again = server.restarted();
    assertThat(again.parts.apply().facts().revision())
        .as("known without applying the log")
        .isEqualTo(2);
  }
}
