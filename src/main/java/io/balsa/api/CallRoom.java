package io.balsa.api;

import io.balsa.budget.Share;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.AnswerRoom;
import io.balsa.model.Range;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call's share of the answer budget, as the room that the node asks for. */
final class CallRoom implements AnswerRoom {
  /** A range with at most this limit is never refused because of the heap. */
  private static final int SMALL_READ_KEYS = 100;

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

  /**
   * Admits a range if it is small, or if the heap has room.
   *
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED for a large range while the heap is
   *     nearly full
   */
  void admit(Range range) {
    if (isLarge(range)) {
      admitMuch();
    }
  }

  /** The same for a read that is always large. */
  void admitMuch() {
    if (!share.mayReadMuch()) {
      throw EtcdError.HEAP_NEARLY_FULL.exception();
    }
  }

  /** Whether a read may have many keys in memory; sorted by another thing than the key, it has. */
  private static boolean isLarge(Range range) {
    boolean sorted =
        range.target() != Range.SortTarget.KEY || range.order() == Range.SortOrder.DESCEND;
    boolean few = range.limit() > 0 && range.limit() <= SMALL_READ_KEYS && !sorted;
    return !range.rangeEnd().isEmpty() && !range.countOnly() && !few;
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
