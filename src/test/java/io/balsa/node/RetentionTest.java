package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Configuration;
import io.balsa.raft.LogPosition;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.RaftStatus.Follower;
import io.balsa.raft.RaftStatus.ReplicationState;
import io.balsa.raft.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static RaftStatus log(long first, long last, Follower... followers) {
    return new RaftStatus(
        1,
        Role.LEADER,
        1,
        1,
        first,
        new LogPosition(last, 1),
        last,
        last,
        Configuration.of(List.of(1L, 2L, 3L)),
        List.of(followers));
  }

  private static Follower follower(long match, boolean active) {
    return new Follower(2, ReplicationState.REPLICATE, match, match + 1, active);
  }

  @Test
  void aSmallLogIsKeptWhole() {
    var retention = new Retention(1_000, Long.MAX_VALUE);

    assertThat(retention.droppable(log(1, 100), 100, 0, 1_000)).isEqualTo(0);
  }

  @Test
  void theNewestBytesAreKept() {
    var retention = new Retention(1_000, Long.MAX_VALUE);

    assertThat(retention.droppable(log(1, 100), 100, 75, 4_000)).isEqualTo(75);
  }

  @Test
  void theNewestEntriesAreKept() {
    var retention = new Retention(1_000, 10);

    assertThat(retention.droppable(log(1, 100), 100, 0, 100)).isEqualTo(90);
  }

  @Test
  void whatIsNotAppliedIsKept() {
    var retention = new Retention(1_000, 10);

    assertThat(retention.droppable(log(1, 100), 50, 0, 100)).isEqualTo(50);
  }

  @Test
  void whatALiveFollowerNeedsIsKeptAndADeadOneGetsASnapshot() {
    var retention = new Retention(1_000, 10);

    assertThat(retention.droppable(log(1, 100, follower(60, true)), 100, 0, 100)).isEqualTo(60);
    assertThat(retention.droppable(log(1, 100, follower(60, false)), 100, 0, 100)).isEqualTo(90);
  }

  @Test
  void aFollowerThatAnswersAndGetsNowhereDoesNotHoldTheLogForEver() {
    var retention = new Retention(1_000, 10);

    assertThat(retention.droppable(log(1, 100, follower(60, true)), 100, 0, 4_001)).isEqualTo(90);
  }

  @Test
  void theStartNeverGoesBack() {
    var retention = new Retention(1_000, Long.MAX_VALUE);

    assertThat(retention.droppable(log(80, 100), 100, 0, 100)).isEqualTo(79);
  }
}
