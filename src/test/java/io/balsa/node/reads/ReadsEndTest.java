package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.Outcome;
import io.balsa.lanes.PlainLane;
import io.balsa.lanes.StillClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A read that waits when its server ends is failed, and so is a later one. */
class ReadsEndTest {
  private final List<Outcome.Failure> failures = new ArrayList<>();
  private final PlainLane lane = new PlainLane();

  private Read read(Read.Kind kind) {
    return Read.of(kind, Long.MAX_VALUE, _ -> {}, failures::add);
  }

  private ReadLane readLane(PlainLane on) {
    return new ReadLane(
        on,
        new StillClock(),
        () -> {
          throw new AssertionError("nothing is served");
        },
        () -> 0);
  }

  @Test
  void linearizableReads() {
    Reads reads =
        new Reads(
            readLane(new PlainLane()),
            readLane(new PlainLane()),
            readLane(new PlainLane()),
            Runnable::run);
    reads.add(read(Read.Kind.POINT));
    assertThat(reads.nextQuestion()).isNotNull();
    reads.add(read(Read.Kind.SCAN));
    reads.close();
    assertThat(failures).hasSize(2);
    reads.add(read(Read.Kind.POINT));
    assertThat(failures).hasSize(3).containsOnly(Outcome.Failure.STOPPED);
    assertThat(reads.nextQuestion()).isNull();
  }

  @Test
  void readsOnAReadLane() {
    ReadLane points = readLane(lane);
    points.serve(7, read(Read.Kind.POINT));
    points.close();
    assertThat(failures).hasSize(1);
    points.serve(0, read(Read.Kind.POINT));
    assertThat(failures).hasSize(2).containsOnly(Outcome.Failure.STOPPED);
  }
}
