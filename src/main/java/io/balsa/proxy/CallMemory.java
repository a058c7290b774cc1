package io.balsa.proxy;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import java.util.function.Consumer;

/**
 * The room that a single call takes here: its request, until the call is over and no server is
 * being sent it, and its answer. gRPC hands an answer over when all of it is there, so its bytes
 * are counted as they come in.
 *
 * <p>Any thread may call what is about the answer; what is about the request is guarded by the
 * call.
 */
final class CallMemory {
  private final RequestBudget requests;
  private final Share share = Share.current();
  private Bytes request = Bytes.EMPTY;
  private boolean hasRequest;
  private int requestBytes;

  /** How many servers are being sent the request. */
  private int lent;

  /** Room for the largest answer that was taken beforehand. */
  private long reserved;

  private long arrived;

  /** What was taken for what has arrived, beyond what was reserved. */
  private long taken;

  CallMemory(RequestBudget requests) {
    this.requests = requests;
  }

  /** Keeps the request; false when there is no room for it. */
  boolean takeRequest(Bytes message) {
    hasRequest = requests.take(message.size());
    if (hasRequest) {
      request = message;
      requestBytes = message.size();
    }
    return hasRequest;
  }

  /** Whether one has come. */
  boolean hasRequest() {
    return hasRequest;
  }

  /** The request; empty once it was let go. */
  Bytes request() {
    return request;
  }

  /** Its size, which stays when it is let go. */
  int requestBytes() {
    return requestBytes;
  }

  /** A server is being sent it. */
  void lendRequest() {
    lent++;
  }

  /** That server's call has ended. */
  void requestIsBack(boolean callIsOver) {
    lent--;
    if (callIsOver) {
      letRequestGo();
    }
  }

  /** The call is over. */
  void letRequestGo() {
    if (lent == 0 && !request.isEmpty()) {
      request = Bytes.EMPTY;
      requests.giveBack(requestBytes);
    }
  }

  /** Whether room for the largest answer was taken beforehand. */
  synchronized boolean isReserved() {
    return reserved > 0;
  }

  /** So many bytes more have come in; false when there is no room for them. */
  synchronized boolean arrived(long bytes) {
    long now = arrived + bytes;
    long more = now - reserved - taken;
    boolean fits = more <= 0 || share.tryTake(more);
    if (fits) {
      arrived = now;
      taken += Math.max(0, more);
    }
    return fits;
  }

  /** What came in is dropped. */
  synchronized void drop() {
    giveBack(taken);
    taken = 0;
    arrived = 0;
  }

  /** All has come in: what was taken beyond it is given back. */
  synchronized void whole() {
    giveBack(Math.max(0, reserved - arrived));
    reserved = 0;
  }

  private void giveBack(long bytes) {
    if (bytes > 0) {
      share.giveBack(bytes);
    }
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
