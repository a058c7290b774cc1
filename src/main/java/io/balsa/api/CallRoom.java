package io.balsa.api;

import io.balsa.budget.Share;
import io.balsa.lanes.AnswerRoom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A call's share of the budget for answers, as the node asks for it. */
final class CallRoom implements AnswerRoom {
  private final Share share;
  private final AtomicLong taken = new AtomicLong();

  private CallRoom(Share share) {
    this.share = share;
  }

  /** The room of the present call; to be asked for before the call's method returns. */
  static CallRoom current() {
    return new CallRoom(Share.current());
  }

  /** The room of one more answer in the same call. */
  CallRoom next() {
    return new CallRoom(share);
  }

  /** The answer is not sent, and its bytes are not needed any more. */
  void release() {
    share.giveBack(taken.getAndSet(0));
  }

  /** The answer was refused because it is too large. */
  void refusedAsTooLarge() {
    share.tooLarge();
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
  public boolean isGone() {
    return share.isGone();
  }
}
