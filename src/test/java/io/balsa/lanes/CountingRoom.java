package io.balsa.lanes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A room for answers whose bytes a test gives and takes by hand. */
public final class CountingRoom implements AnswerRoom {
  private final long largest;
  private final Deque<Consumer<Boolean>> waiting = new ArrayDeque<>();
  private long free;
  private long taken;
  private long asked;
  private boolean gone;

  public CountingRoom(long largest, long free) {
    this.largest = largest;
    this.free = free;
  }

  @Override
  public long bytesMax() {
    return largest;
  }

  @Override
  public boolean tryTake(long bytes) {
    boolean fits = bytes <= free;
    if (fits) {
      free -= bytes;
      taken += bytes;
    }
    return fits;
  }

  @Override
  public void take(long bytes, Consumer<Boolean> done) {
    asked = bytes;
    waiting.add(done);
  }

  /** Ends the oldest wait. */
  public void tell(boolean found) {
    if (found) {
      taken += asked;
    }
    waiting.remove().accept(found);
  }

  public boolean isWaitedFor() {
    return !waiting.isEmpty();
  }

  public long taken() {
    return taken;
  }

  public void leave() {
    gone = true;
  }

  @Override
  public boolean clientLeft() {
    return gone;
  }
}
