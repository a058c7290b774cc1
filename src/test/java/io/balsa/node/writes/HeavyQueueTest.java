package io.balsa.node.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two heavy writes go at a time, in their order. The cost of each is looked at first. */
class HeavyQueueTest {
  private static final Outcome DONE = new Outcome.Answered(new Result.Done(2), 1);
  private static final Outcome REFUSED =
      new Outcome.Answered(new Result.Refused(2, io.balsa.model.KvError.TXN_TOO_LARGE), 1);
  private static final Command.Txn TXN = new Command.Txn(List.of(), List.of(), List.of());

  private static final int BYTES_MAX = 8 << 20;

  private final Steps steps = new Steps();
  private static final int AT_ONCE = 2;
  private final HeavyQueue queue = new HeavyQueue(steps, AT_ONCE, BYTES_MAX);
  private final List<String> told = new ArrayList<>();
  private boolean gone;

  private void add(long sequence, boolean named, AnswerRoom room, int bytes) {
    queue.add(
        new HeavyCommand(
            sequence,
            Caller.SERVER,
            named ? null : TXN,
            Bytes.wrap(new byte[bytes]),
            1_000,
            room,
            outcome -> told.add(sequence + " " + word(outcome))));
  }

  private void add(long sequence) {
    add(sequence, false, AnswerRoom.UNBOUNDED, 10);
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed(Outcome.Failure failure) -> failure.name();
      case Outcome.Answered(Result result, long _) -> result.getClass().getSimpleName();
    };
  }

  @Test
  void twoAreUnderWayAndTheOthersWaitInTurn() {
    for (int sequence = 1; sequence <= 4; sequence++) {
      add(sequence);
    }
    assertThat(steps.weighing()).containsExactly(1L, 2L);
    steps.weighs().light.run();
    steps.weighs().light.run();
    assertThat(steps.proposed()).containsExactly(1L, 2L);
    assertThat(steps.weighing()).isEmpty();

    steps.ends(DONE);
    assertThat(told).containsExactly("1 Done");
    assertThat(steps.weighing()).containsExactly(3L);
    steps.weighs().light.run();
    assertThat(steps.proposed()).containsExactly(2L, 3L);
    assertThat(queue.isEmpty()).isFalse();
    steps.ends(DONE);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void whatIsTooDearIsRefusedAtTheDoor() {
    add(1);
    add(2);
    add(3);
    steps.weighs().ended.accept(REFUSED);
    assertThat(told).containsExactly("1 Refused");
    assertThat(steps.proposed()).isEmpty();
    assertThat(steps.weighing()).containsExactly(2L, 3L);
  }

  /** The write may be done already: then the store remembers its answer. */
  @Test
  void oneThatMayHaveComeBeforeIsRefusedByTheLogAlone() {
    add(1, true, AnswerRoom.UNBOUNDED, 10);
    assertThat(steps.weighing()).isEmpty();
    assertThat(steps.proposed()).containsExactly(1L);
  }

  @Test
  void whoseClientHasLeftIsDropped() {
    add(1);
    add(2);
    add(3, false, new Leaving(), 10);
    add(4);
    gone = true;
    steps.weighs().ended.accept(REFUSED);
    assertThat(told).containsExactlyInAnyOrder("1 Refused", "3 CANCELLED");
    assertThat(steps.weighing()).containsExactly(2L, 4L);
  }

  @Test
  void whoWaitsTooLongIsToldSo() {
    add(1);
    add(2);
    add(3);
    queue.expire(999, true);
    assertThat(told).isEmpty();
    queue.expire(1_000, true);
    assertThat(told).containsExactly("3 TOO_MANY_REQUESTS");
    add(4);
    queue.expire(1_000, false);
    assertThat(told).containsExactly("3 TOO_MANY_REQUESTS", "4 NO_LEADER");
  }

  @Test
  void whatWaitsIsBoundedInNumberAndBytes() {
    for (int i = 0; i < AT_ONCE + HeavyQueue.WAITING_MAX; i++) {
      add(i);
    }
    assertThat(told).isEmpty();
    add(1_000);
    assertThat(told).containsExactly("1000 TOO_MANY_REQUESTS");
    steps.weighs().ended.accept(REFUSED);
    add(1_001);
    assertThat(told).containsExactly("1000 TOO_MANY_REQUESTS", "0 Refused");
  }

  @Test
  void theBytesOfThoseThatWaitAreBounded() {
    add(1);
    add(2);
    add(3, false, AnswerRoom.UNBOUNDED, 5 << 20);
    add(4, false, AnswerRoom.UNBOUNDED, 5 << 20);
    assertThat(told).containsExactly("4 TOO_MANY_REQUESTS");
    queue.expire(1_000, true);
    add(5, false, AnswerRoom.UNBOUNDED, 5 << 20);
    assertThat(told).containsExactly("4 TOO_MANY_REQUESTS", "3 TOO_MANY_REQUESTS");
  }

  /** An answer that fails is followed by another one. The place must be freed once. */
  @Test
  void aPlaceIsGivenAwayOnce() {
    add(1);
    add(2);
    add(3);
    add(4);
    Weighing first = steps.weighs();
    first.ended.accept(REFUSED);
    first.ended.accept(new Outcome.Failed(Outcome.Failure.ANSWER_FAILED));
    assertThat(steps.weighing()).containsExactly(2L, 3L);
  }

  @Test
  void whoWaitsWhenTheServerEndsIsToldSo() {
    add(1);
    add(2);
    add(3);
    queue.close();
    assertThat(told).containsExactly("3 STOPPED");
    add(4);
    assertThat(told).containsExactly("3 STOPPED", "4 STOPPED");
    assertThat(queue.isEmpty()).isTrue();
  }

  private record Weighing(long sequence, Runnable light, Consumer<Outcome> ended) {}

  private record Proposed(long sequence, Consumer<Outcome> done) {}

  /** A server whose read lane and log the test steps. */
  private static final class Steps implements HeavyQueue.Needs {
    private final Deque<Weighing> weighing = new ArrayDeque<>();
    private final Deque<Proposed> proposed = new ArrayDeque<>();

    @Override
    public void weigh(
        HeavyCommand heavy, Command.Op toWeigh, Runnable light, Consumer<Outcome> ended) {
      weighing.add(new Weighing(heavy.sequence(), light, ended));
    }

    @Override
    public void propose(HeavyCommand heavy, Consumer<Outcome> done) {
      proposed.add(new Proposed(heavy.sequence(), done));
    }

    List<Long> weighing() {
      return weighing.stream().map(Weighing::sequence).toList();
    }

    List<Long> proposed() {
      return proposed.stream().map(Proposed::sequence).toList();
    }

    Weighing weighs() {
      return weighing.remove();
    }

    void ends(Outcome outcome) {
      proposed.remove().done().accept(outcome);
    }
  }

  private final class Leaving implements AnswerRoom {
    @Override
    public long bytesMax() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean tryTake(long bytes) {
      return true;
    }

    @Override
    public void take(long bytes, Consumer<Boolean> done) {
      done.accept(true);
    }

    @Override
    public boolean clientLeft() {
      return gone;
    }
  }
}
