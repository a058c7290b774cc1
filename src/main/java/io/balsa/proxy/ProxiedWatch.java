package io.balsa.proxy;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One watch of a client, with everything needed to resume it at another server. Guarded by its
 * {@link ProxiedWatchStream}.
 */
final class ProxiedWatch {
  /** The memory of a watch beside its keys, in bytes, counted as at a server. */
  private static final long WATCH_BYTES = 640;

  private final WatchCreateRequest request;
  private final Share share;

  /** The client's id for the watch. Valid when {@link #created}, or when the client chose it. */
  long id;

  /** The id at the server; 0 while no server has the watch. */
  long place;

  /** Whether the creation was confirmed to the client. */
  boolean created;

  /** Whether the client has cancelled the watch. */
  boolean canceling;

  /** Whether a compaction ended the watch. The client may still cancel it. */
  boolean compacted;

  /** Whether the new server has yet to confirm the watch. */
  boolean resuming;

  /** Whether the watch waits for room, not for a server. */
  boolean waits;

  /** Whether the watch's bytes are counted. */
  boolean counted;

  /** The first revision that the client does not have wholly; 0 for all future revisions. */
  private long next;

  /** How many events of that revision the client has. */
  private int seen;

  /** How many of these the current server will send again. They are left out. */
  private int toSkip;

  /** The events of a revision that is not whole yet, for a client that accepts no fragments. */
  private Bytes kept = Bytes.EMPTY;

  private long keptRevision;

  /** Bytes that were taken from the share for the kept events. */
  private long room;

  /** The bytes for which there was no room. */
  private long wanted;

  ProxiedWatch(WatchCreateRequest request, Share share) {
    this.request = known(request);
    this.share = share;
    this.id = request.getWatchId();
    this.next = request.getStartRevision();
  }

  /**
   * The request without unknown fields and repeated filters, because they would be kept as long as
   * the watch.
   */
  private static WatchCreateRequest known(WatchCreateRequest asked) {
    WatchCreateRequest.Builder known =
        WatchCreateRequest.newBuilder()
            .setKey(asked.getKey())
            .setRangeEnd(asked.getRangeEnd())
            .setStartRevision(asked.getStartRevision())
            .setProgressNotify(asked.getProgressNotify())
            .setPrevKv(asked.getPrevKv())
            .setWatchId(asked.getWatchId())
            .setFragment(asked.getFragment());
    for (FilterType filter : List.of(FilterType.NOPUT, FilterType.NODELETE)) {
      if (asked.getFiltersList().contains(filter)) {
        known.addFilters(filter);
      }
    }
    return known.build();
  }

  /** The bytes that the watch takes of the memory for watches. */
  long bytes() {
    return WATCH_BYTES + request.getKey().size() + request.getRangeEnd().size();
  }

  /** Whether the server chooses the revision at which the watch begins. */
  boolean startsNow() {
    return !created && request.getStartRevision() == 0;
  }

  long next() {
    return next;
  }

  /** The request for a server. */
  WatchCreateRequest requestAt(long newPlace) {
    place = newPlace;
    resuming = created;
    toSkip = seen;
    return request.toBuilder()
        .setWatchId(newPlace)
        .setStartRevision(next)
        .setFragment(true)
        .build();
  }

  /** No server has the watch. */
  void leave() {
    place = 0;
    resuming = false;
    forgetKept();
  }

  /** A server has created the watch for the first time, at a revision. */
  void created(long newId, long revision) {
    id = newId;
    created = true;
    if (request.getStartRevision() == 0) {
      next = revision + 1;
    }
  }

  /** The client has all events up to a revision. */
  void toldUpTo(long revision) {
    if (revision >= next) {
      next = revision + 1;
      seen = 0;
      toSkip = 0;
    }
  }

  /** The client was told the first events of a revision, and there is more of it. */
  void toldPartly(long revision, int events) {
    if (events == 0) {
      return;
    }
    seen = revision == next ? seen + events : events;
    next = revision;
  }

  /** How many events of {@link #next} are to be left out. */
  int toSkip() {
    return toSkip;
  }

  void skipped(int events) {
    toSkip -= events;
  }

  /** Whether the client accepts a large revision in fragments. */
  boolean takesParts() {
    return request.getFragment();
  }

  boolean keeps() {
    return !kept.isEmpty();
  }

  Bytes kept() {
    return kept;
  }

  long keptRevision() {
    return keptRevision;
  }

  /** Drops the kept events, and gives their room back. */
  void forgetKept() {
    if (room > 0) {
      share.giveBack(room);
    }
    room = 0;
    kept = Bytes.EMPTY;
    keptRevision = 0;
  }

  /** Whether so many events of one revision may be kept, if there is room. */
  boolean mayKeep(Bytes events) {
    return events.size() <= share.bytesMax();
  }

  /**
   * Keeps events until their revision is whole.
   *
   * @param whole the bytes of the whole revision; 0 when they are not known
   * @return false when there is no room now
   */
  boolean keep(long revision, Bytes events, long whole) {
    long more = Math.max(0, events.size() - room);
    if (more > 0 && !share.tryTake(more)) {
      wanted = Math.min(share.bytesMax(), Math.max(events.size(), whole));
      return false;
    }
    room += more;
    kept = events;
    keptRevision = revision;
    return true;
  }

  /**
   * Waits for the missing room, two seconds at most.
   *
   * @param done gets the number of bytes taken, on any thread; 0 for none
   */
  void awaitRoom(LongConsumer done) {
    waits = true;
    long bytes = wanted;
    share.take(bytes, taken -> done.accept(taken ? bytes : 0));
  }

  /**
   * Ends the wait for room.
   *
   * @param bytes the room that was taken
   * @param goesOn whether the watch can use the room
   */
  void waited(long bytes, boolean goesOn) {
    waits = false;
    if (goesOn) {
      room += bytes;
    } else if (bytes > 0) {
      share.giveBack(bytes);
    }
  }
}
