package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A leadership transfer that waits when its server ends is failed, and so is a later one. */
class TransfersTest {
  private static final Outcome STOPPED = new Outcome.Failed(Outcome.Failure.STOPPED);

  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void whoMovesTheLeader() {
    Transfers transfers = new Transfers(1, () -> 0, Runnable::run);
    Effect.RoleChanged leads = new Effect.RoleChanged(Role.LEADER, 1, 1);
    Configuration voters = new Configuration(List.of(1L, 2L), List.of(), List.of());
    assertThat(transfers.ask(2, leads, voters, Long.MAX_VALUE, outcomes::add)).isPresent();
    transfers.close();
    assertThat(transfers.ask(2, leads, voters, Long.MAX_VALUE, outcomes::add)).isEmpty();
    assertThat(outcomes).containsExactly(STOPPED, STOPPED);
  }
}
