package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Configuration;
import io.balsa.raft.LogPosition;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeStatusTest {
  private static NodeStatus status(long sizeBytes, long usedBytes) {
    Configuration alone = Configuration.of(List.of(1L));
    LogPosition none = new LogPosition(0, 0);
    RaftStatus raft = new RaftStatus(1, Role.FOLLOWER, 0, 0, 1, none, 0, 0, alone, List.of());
    return new NodeStatus(1, raft, 5, 1, 0, 0, sizeBytes, usedBytes, 0, List.of(), List.of(), 0, 0);
  }

  @Test
  void whatIsAppliedIsCommitted() {
    assertThat(status(0, 0).commitIndex()).isEqualTo(5);
  }

  @Test
  void aStoreWithoutKeysIsInUse() {
    assertThat(status(5_000, 0).bytesInUse()).isBetween(1L, 5_000L);
    assertThat(status(5_000, 0).databaseBytes()).isEqualTo(5_000);
  }

  @Test
  void whatIsInUseIsNeverMoreThanTheStore() {
    NodeStatus before = status(0, 9_000);
    assertThat(before.bytesInUse()).isGreaterThan(9_000);
    assertThat(before.databaseBytes()).isEqualTo(before.bytesInUse());
  }
}
