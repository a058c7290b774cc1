package io.balsa.watch;

import io.balsa.model.Caller;

/** One watch of a stream, and the next revision that it needs. */
final class Watcher {
  /** The state of a watch. */
  enum State {
    /** Has got all events up to the hub's revision, or begins later. */
    LIVE,
    /** Behind, because its stream has no room; waits in its stream. */
    PARKED,
    /** Behind; waits in {@link Backlog} for recent changes or for events from the store. */
    BEHIND,
    /** Behind: its next revision is too large for one answer, and is sent in parts. */
    IN_PARTS,
    /** Ended by compaction; its id stays taken until the client cancels it, as in etcd. */
    COMPACTED,
    /** Ended by its client. */
    CANCELED
  }

  private final WatchStream stream;
  private final long id;
  private final Caller caller;
  private final WatchGroup.Kind kind;
  private final boolean progressNotify;
  private final long startRevision;
  private State state = State.LIVE;

  /** The first revision whose events it has not got. */
  long next;

  /** Whether it got events since the last progress notification was due. */
  boolean gotEvents;

  Watcher(WatchStream stream, long id, Caller caller, WatchRequest request, long next) {
    this.stream = stream;
    this.id = id;
    this.caller = caller;
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

  /** Who has asked for it. */
  Caller caller() {
    return caller;
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

  /** Sets the state, and counts with the stream whether the watch is behind. */
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

  /** Its share of {@link WatchLimits#watchesBytes}. */
  long bytes() {
    return (long) WatchLimits.WATCH_BYTES
        + kind.span().key().size()
        + kind.span().rangeEnd().size();
  }

  /** Whose part of all watches it takes. */
  Object owner() {
    return stream.ownerOf(caller);
  }

  /**
   * Whether it has got exactly the events up to a revision, and started no later, so that a
   * progress notification of this revision is true.
   */
  boolean hasEventsUpTo(long revision) {
    return state == State.LIVE && next <= revision + 1 && startRevision <= revision;
  }

  boolean isOver() {
    return state == State.COMPACTED || state == State.CANCELED;
  }

  void send(WatchAnswer.Batch batch) {
    gotEvents = true;
    stream.send(new WatchAnswer.Told(id, batch));
  }

  void sendPart(WatchAnswer.Batch batch, long totalBytes, boolean first, boolean last) {
    gotEvents = true;
    stream.send(new WatchAnswer.Part(id, batch, totalBytes, first, last));
  }
}
