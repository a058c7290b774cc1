package io.balsa.node.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A write that waits when its server ends is failed, and so is a later one. */
class ProposalsEndTest {
  private static final Outcome STOPPED = new Outcome.Failed(Outcome.Failure.STOPPED);

  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void writes() {
    Proposals proposals =
        new Proposals(1, 100, 40, NodeMetrics.NONE, new StillClock(), Runnable::run);
    assertThat(proposals.add(1, Bytes.of(1), Long.MAX_VALUE, AnswerRoom.UNBOUNDED, outcomes::add))
        .isTrue();
    proposals.close();
    assertThat(proposals.add(2, Bytes.of(2), Long.MAX_VALUE, AnswerRoom.UNBOUNDED, outcomes::add))
        .isFalse();
    assertThat(outcomes).containsExactly(STOPPED, STOPPED);
    assertThat(proposals.isEmpty()).isTrue();
  }
}
