package io.balsa.budget;

/**
 * The bytes of a call's request, while it arrives and while its service has it. Only the
 * connection's event loop calls the methods, except {@link #refuse}.
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
  private final Connection connection;

  /** Written with the lock, so that a request is either refused or served. */
  private State state = State.ARRIVING;

  /** Bytes of the whole message; while it is decompressed, the bytes so far. */
  private long plain;

  private boolean packed;

  /** The size of the whole message, and what of it is counted as served; with the lock. */
  private long size;

  private long served;

  CallRequest(CallShare share, RequestBudget requests) {
    this.share = share;
    this.requests = requests;
    this.connection = share.connection();
  }

  /** Counts bytes that arrived in one piece. */
  void arrived(long bytes) {
    requests.add(this, bytes + RequestBudget.PIECE_BYTES);
  }

  /**
   * Notes that its only message is complete. gRPC keeps its pieces until the client has ended the
   * request.
   *
   * @param bytes its size; negative if it is compressed
   */
  void isWhole(long bytes) {
    packed = bytes < 0;
    plain = Math.max(0, bytes);
  }

  /** Counts decompressed bytes. */
  void unpacked(long bytes) {
    plain += packed ? bytes : 0;
  }

  /**
   * Passes the request on to the service; from now on it cannot be refused. False if it is refused.
   */
  boolean serve() {
    requests.remove(this);
    if (!becomes(State.SERVED)) {
      var _ = share.refuse(RequestBudget.REFUSED);
      return false;
    }
    if (plain < RequestBudget.NOTED_BYTES) {
      return true;
    }
    boolean fits = requests.serve(plain);
    noteWhole(plain, fits);
    if (!fits) {
      var _ = share.refuse(RequestBudget.TOO_MUCH_SERVED);
    }
    return fits;
  }

  private synchronized void noteWhole(long bytes, boolean fits) {
    size = bytes;
    served = fits ? bytes : 0;
  }

  /** The size of its whole message; 0 as long as that is not known. On any thread. */
  synchronized long size() {
    return size;
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
  Connection connection() {
    return connection;
  }

  @Override
  void refuse() {
    if (becomes(State.REFUSED)) {
      if (!share.refuse(RequestBudget.REFUSED)) {
        share.connection().close();
      }
    } else if (state() == State.REFUSED) {
      share.connection().close(); // its client does not read the refusal
    }
  }

  /** Counts its bytes no longer, because they are not kept. */
  void forget() {
    requests.remove(this);
  }

  /** Counts nothing of the call any longer, because it has ended. */
  void end() {
    requests.remove(this);
    var _ = becomes(State.OVER);
    giveBackServed();
  }

  /** Counts its bytes no longer as served; on any thread. */
  synchronized void giveBackServed() {
    requests.served(served);
    served = 0;
  }
}
