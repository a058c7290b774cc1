package io.balsa.kv;

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
  State state = State.PARKED;

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
}
