package io.balsa.budget;

/**
 * The bytes of a call's request: while it arrives, until its client says that it is all, and while
 * its service has it. The connection's event loop calls everything but {@link #refuse}.
 */
final class CallRequest extends RequestBudget.Arriving {
  private enum State {
    ARRIVING,
    REFUSED,
    SERVED,
    OVER
  }

  private final CallShare share;
  private final RequestBudget requests;

  /** Written with the lock: who is refused is not served, and the other way round. */
  private State state = State.ARRIVING;

  /** Bytes of the whole message; while it is unpacked, of what is there of it. */
  private long plain;

  private boolean packed;
  private long served;

  CallRequest(CallShare share, RequestBudget requests) {
    this.share = share;
    this.requests = requests;
  }

  /** So many bytes more have come, in one piece. */
  void arrived(long bytes) {
    requests.add(this, bytes + RequestBudget.PIECE_BYTES);
  }

  /**
   * Its only message is whole. gRPC keeps it as it came, in its pieces, until the client says that
   * this is all.
   *
   * @param bytes what it has; less than 0 when it is compressed
   */
  void isWhole(long bytes) {
    packed = bytes < 0;
    plain = Math.max(0, bytes);
  }

  /** So many bytes more of the whole message are plain now. */
  void unpacked(long bytes) {
    plain += packed ? bytes : 0;
  }

  /** The service is given it, and nobody refuses it any more; false when it is refused. */
  boolean serve() {
    requests.remove(this);
    if (!becomes(State.SERVED)) {
      var _ = share.refuse(RequestBudget.REFUSED);
      return false;
    }
    if (plain < RequestBudget.NOTED_BYTES) {
      return true;
    }
    if (!requests.serve(plain)) {
      var _ = share.refuse(RequestBudget.TOO_MUCH_SERVED);
      return false;
    }
    served = plain;
    return true;
  }

  private synchronized boolean becomes(State next) {
    boolean first = state == State.ARRIVING;
    state = first ? next : state;
    return first;
  }

  private synchronized State state() {
    return state;
  }

  @Override
  void refuse() {
    if (becomes(State.REFUSED)) {
      if (!share.refuse(RequestBudget.REFUSED)) {
        share.connection().close();
      }
    } else if (state() == State.REFUSED) {
      share.connection().close(); // its client does not even read that it is refused
    }
  }

  /** What has come is not kept any more. */
  void forget() {
    requests.remove(this);
  }

  /** The call has ended. */
  void end() {
    requests.remove(this);
    var _ = becomes(State.OVER);
    if (served > 0) {
      requests.served(served);
      served = 0;
    }
  }
}
