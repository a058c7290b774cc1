package io.balsa.watch;

/** One watch of a stream, and how far it has been told. */
final class Watcher {
  /** Where it stands. */
  enum State {
    /** Has been told everything up to the hub's revision, or begins later. */
    LIVE,
    /** Behind, because its stream has no room. */
    PARKED,
    /** Behind, and to be told from the store. */
    BEHIND,
    /** Its next revision is too large to be told at once, and is told in parts. */
    IN_PARTS,
    /** Ended by compaction; its id stays taken until the client cancels it, as in etcd. */
    COMPACTED,
    /** Gone. */
    CANCELED
  }

  private final WatchStream stream;
  private final long id;
  private final WatchGroup.Kind kind;
  private final boolean progressNotify;
  private final long startRevision;
  private State state = State.LIVE;

  /** The first revision that it has not been told about. */
  long next;

  /** Whether it was told something since progress was told last. */
  boolean told;

  Watcher(WatchStream stream, long id, WatchRequest request, long next) {
    this.stream = stream;
    this.id = id;
    this.kind = WatchGroup.Kind.of(request);
    this.progressNotify = request.progressNotify();
    this.startRevision = request.startRevision();
    this.next = next;
  }

  WatchStream stream() {
    return stream;
  }

  long id() {
    return id;
  }

  WatchGroup.Kind kind() {
    return kind;
  }

  boolean progressNotify() {
    return progressNotify;
  }

  State state() {
    return state;
  }

  /** Notes where it stands, and with its stream whether it is behind. */
  void become(State next) {
    stream.countBehind((isBehind(next) ? 1 : 0) - (isBehind(state) ? 1 : 0));
    state = next;
  }

  private static boolean isBehind(State state) {
    return switch (state) {
      case PARKED, BEHIND, IN_PARTS -> true;
      case LIVE, COMPACTED, CANCELED -> false;
    };
  }

  /** What it takes of the memory for watches. */
  long bytes() {
    return (long) WatchLimits.WATCH_BYTES
        + kind.span().key().size()
        + kind.span().rangeEnd().size();
  }

  /**
   * Whether it has been told everything up to a revision and nothing beyond, and began no later: it
   * may be told that this is so.
   */
  boolean isToldUpTo(long revision) {
    return state == State.LIVE && next <= revision + 1 && startRevision <= revision;
  }

  boolean isOver() {
    return state == State.COMPACTED || state == State.CANCELED;
  }

  void tell(WatchAnswer.Batch batch) {
    told = true;
    stream.send(new WatchAnswer.Told(id, batch));
  }

  void tell(WatchAnswer.Batch batch, long wholeBytes, boolean first, boolean last) {
    told = true;
    stream.send(new WatchAnswer.Part(id, batch, wholeBytes, first, last));
  }
}
