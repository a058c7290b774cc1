package io.balsa.proxy;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import java.util.function.Consumer;

/**
 * The memory that one unary call takes in the proxy. Its request is kept until the call has ended
 * and no server is receiving it. The bytes of its answer are counted while they arrive, because
 * gRPC delivers only whole answers.
 *
 * <p>Any thread may call the methods for the answer. The call guards the methods for the request.
 */
final class CallMemory {
  private final UnaryRequestBudget requests;
  private final Share share = Share.current();
  private Bytes request = Bytes.EMPTY;
  private boolean hasRequest;
  private int requestBytes;

  /** How many servers are receiving the request. */
  private int lent;

  /** Bytes that were taken for the largest answer, before the request was sent. */
  private long reserved;

  private long arrived;

  /** Bytes that were taken for what has arrived, beyond what was reserved. */
  private long taken;

  CallMemory(UnaryRequestBudget requests) {
    this.requests = requests;
  }

  /** Keeps the request; false when the budget has no room for it. */
  boolean takeRequest(Bytes message) {
    hasRequest = requests.take(message.size());
    if (hasRequest) {
      request = message;
      requestBytes = message.size();
    }
    return hasRequest;
  }

  /** Whether a request has come. */
  boolean hasRequest() {
    return hasRequest;
  }

  /** The request; empty after it was released. */
  Bytes request() {
    return request;
  }

  /** The size of the request in bytes, also after it was released. */
  int requestBytes() {
    return requestBytes;
  }

  /** A server begins to receive the request. */
  void lendRequest() {
    lent++;
  }

  /** The call at that server has ended. */
  void requestIsBack(boolean callIsOver) {
    lent--;
    if (callIsOver) {
      letRequestGo();
    }
  }

  /** Releases the request, unless a server is receiving it. */
  void letRequestGo() {
    if (lent == 0 && !request.isEmpty()) {
      request = Bytes.EMPTY;
      requests.giveBack(requestBytes);
    }
  }

  /** Whether room for the largest answer was reserved. */
  synchronized boolean isReserved() {
    return reserved > 0;
  }

  /** Counts bytes that have arrived; false when there is no room for them. */
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

  /** Gives back the room of an answer that is dropped. */
  synchronized void drop() {
    giveBack(taken);
    taken = 0;
    arrived = 0;
  }

  /** Gives back the room that a whole answer does not need. */
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
   * Reserves room for the largest possible answer, before the request is sent again.
   *
   * @param done called once, with true if there was room in time
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
