package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.balsa.raft.Message;
import org.junit.jupiter.api.Test;

/** What ticks fail, and what they publish. */
class NodeTicksTest {
  private static final int TIMEOUT_TICKS = 40;

  private static NodeConfig config() {
    return HandNode.configOf(3).withRequestTimeout(TIMEOUT_TICKS * Ticker.TICK_NANOS);
  }

  @Test
  void aRequestWithoutALeaderFailsAtTheTenthTickAfterItsTime() throws Exception {
    HandNode server = new HandNode(config());
    server.host.pass(5);
    server.put("a");
    server.host.pass(TIMEOUT_TICKS);
    assertThat(server.outcomes).as("overdue since tick 45").isEmpty();
    server.host.pass(5);
    assertThat(server.outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.NO_LEADER));
    server.host.pass(2 * TIMEOUT_TICKS);
    assertThat(server.outcomes).as("told once").hasSize(1);
  }

  @Test
  void aRequestUnderWayFailsWithoutSayingThatNothingWasWritten() throws Exception {
    HandNode server = HandNode.leader(config());
    server.put("a");
    for (int i = 0; i < 2 * TIMEOUT_TICKS; i++) {
      server.host.pass(1);
      server.peer(2).send(new Message.HeartbeatReply(1, 0));
    }
    assertThat(server.outcomes).containsExactly(new Outcome.Failed(Outcome.Failure.TIMED_OUT));
  }

  @Test
  void aTickPublishesWhatRaftIs() throws Exception {
    HandNode server = HandNode.leader();
    server.put("a");
    long last = server.parts.raft().status().last().index();
    assertThat(server.parts.published().raft().last().index()).isLessThan(last);
    server.host.pass(1);
    assertThat(server.parts.published().raft().last().index()).isEqualTo(last);
  }

  @Test
  void aPauseIsPublished() throws Exception {
    HandNode server = HandNode.alone();
    assertThat(server.parts.published().pausesSeen()).isZero();
    server.host.clock().pass(1_000_000_000);
    server.host.run();
    assertThat(server.parts.published().pausesSeen()).isEqualTo(1);
    server.host.pass(10);
    assertThat(server.parts.published().pausesSeen()).isEqualTo(1);
  }

  @Test
  void aChangeOfRoleIsPublishedWithoutATick() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect().send(new Message.Heartbeat(4, 0, 0));
    assertThat(server.parts.published().raft().leader()).isEqualTo(2);
    assertThat(server.parts.published().raft().term()).isEqualTo(4);
  }
}
