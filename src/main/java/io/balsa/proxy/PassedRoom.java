package io.balsa.proxy;

import io.balsa.front.Share;
import java.util.function.Consumer;

/**
 * The room that the answer to a single call takes here. gRPC hands an answer over when all of it is
 * there, so its bytes are counted as they come in.
 *
 * <p>Any thread may call every method.
 */
final class PassedRoom {
  private final Share share = Share.current();
  private long reserved;
  private long arrived;

  /** Whether room for the largest answer was taken beforehand. */
  synchronized boolean isReserved() {
    return reserved > 0;
  }

  /** So many bytes more have come in; false when there is no room for them. */
  synchronized boolean arrived(long bytes) {
    long before = Math.max(reserved, arrived);
    long now = Math.max(reserved, arrived + bytes);
    boolean fits = now == before || share.tryTake(now - before);
    if (fits) {
      arrived += bytes;
    }
    return fits;
  }

  /** What came in is dropped. */
  synchronized void drop() {
    share.giveBack(Math.max(0, arrived - reserved));
    arrived = 0;
  }

  /** All has come in: what was taken beyond it is given back. */
  synchronized void whole() {
    share.giveBack(Math.max(0, reserved - arrived));
    reserved = 0;
  }

  /**
   * Takes room for the largest answer there may be, before it is asked for.
   *
   * @param done told once whether there was any, in time
   */
  void reserve(Consumer<Boolean> done) {
    long most = share.bytesMax();
    share.take(
        most,
        taken -> {
          if (taken) {
            note(most);
          }
          done.accept(taken);
        });
  }

  private synchronized void note(long most) {
    reserved = most;
  }
}
