package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.wal.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A stop moves the leadership, waits for answers, and ends once, each within its time. */
class ShutdownTest {
  private static final long MS = 1_000_000;
  private static final Outcome MOVED = new Outcome.Answered(new Result.Done(1), 1);

  private final HandHost host = new HandHost(new MemoryDisk(1));
  private final HandLane lane = host.lane("raft");
  private final List<Consumer<Outcome>> moves = new ArrayList<>();
  private boolean drained;
  private int ends;

  private void begin() {
    new Shutdown(
            host,
            lane,
            (target, done) -> {
              assertThat(target).isEqualTo(Transfers.ANYBODY);
              moves.add(done);
            },
            () -> drained,
            () -> ends++)
        .begin();
  }

  private void pass(long nanos) {
    host.clock().pass(nanos);
    lane.drain();
  }

  private void moved(Outcome outcome) {
    moves.getFirst().accept(outcome);
    lane.drain();
  }

  @Test
  void nothingEndsBeforeTheLeadershipIsMoved() {
    drained = true;
    begin();
    pass(1_499 * MS);
    assertThat(ends).isZero();
    moved(MOVED);
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void aServerThatDoesNotLeadGoesOnAtOnce() {
    drained = true;
    begin();
    moved(new Outcome.Failed(Outcome.Failure.NOT_LEADER));
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void aMoveThatIsNeverAnsweredIsGivenUp() {
    drained = true;
    begin();
    pass(1_500 * MS);
    assertThat(ends).isEqualTo(1);
    moved(MOVED);
    assertThat(ends).as("a late answer ends nothing twice").isEqualTo(1);
  }

  @Test
  void itEndsAsSoonAsAllIsAnswered() {
    begin();
    moved(MOVED);
    pass(5 * MS);
    pass(5 * MS);
    assertThat(ends).isZero();
    drained = true;
    pass(5 * MS);
    assertThat(ends).isEqualTo(1);
    pass(2_000 * MS);
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void whatIsNotAnsweredInTimeIsLeftOpen() {
    begin();
    moved(MOVED);
    for (int i = 0; i < 199; i++) {
      pass(5 * MS);
    }
    assertThat(ends).isZero();
    pass(5 * MS);
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void aMoveThatIsAnsweredTwiceDrainsOnce() {
    begin();
    moved(MOVED);
    moved(MOVED);
    assertThat(lane.waiting()).isZero();
    drained = true;
    pass(5 * MS);
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void nothingIsLeftToDoOnALaneThatHasEnded() {
    begin();
    lane.close();
    moved(MOVED);
    pass(5_000 * MS);
    assertThat(ends).isZero();
  }
}
