package io.balsa.api;

import io.balsa.budget.Share;
import io.balsa.lanes.AnswerRoom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call's share of the answer budget, as the room that the node asks for. */
final class CallRoom implements AnswerRoom {
  private final Share share;
  private final AtomicLong taken = new AtomicLong();

  private final SlowRequests.@Nullable Timing timing;

  private CallRoom(Share share, SlowRequests.@Nullable Timing timing) {
    this.share = share;
    this.timing = timing;
  }

  /** The room of the current call; to be called before the call's method returns. */
  static CallRoom current() {
    return new CallRoom(Share.current(), SlowRequests.current());
  }

  /** The room of a further answer in the same call. */
  CallRoom next() {
    return new CallRoom(share, timing);
  }

  /** Gives the bytes of an answer back that is not sent. */
  void release() {
    share.giveBack(taken.getAndSet(0));
  }

  /** Counts that the answer was refused as too large. */
  void refusedAsTooLarge() {
    share.tooLarge();
  }

  @Override
  public void reached(Step step) {
    if (timing != null) {
      timing.reached(step);
    }
  }

  @Override
  public long bytesMax() {
    return share.bytesMax();
  }

  @Override
  public boolean tryTake(long bytes) {
    boolean got = share.tryTake(bytes);
    taken.addAndGet(got ? bytes : 0);
    return got;
  }

  @Override
  public boolean hasRoom(long bytes) {
    return share.hasRoom(bytes);
  }

  @Override
  public void take(long bytes, Consumer<Boolean> done) {
    share.take(
        bytes,
        got -> {
          taken.addAndGet(got ? bytes : 0);
          done.accept(got);
        });
  }

  @Override
  public boolean clientLeft() {
    return share.isGone();
  }
}
