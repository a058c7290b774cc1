package io.balsa.proxy;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One watch of a client, and what is needed to go on with it at another server. Guarded by its
 * {@link ProxiedWatchStream}.
 */
final class ProxiedWatch {
  /** What a watch takes beside its keys, as at a server. */
  private static final long WATCH_BYTES = 640;

  private final WatchCreateRequest request;
  private final Share share;

  /** As the client knows it; of use once {@link #created}, or when the client chose it. */
  long id;

  /** Its id at the server that has it; 0 while none has. */
  long place;

  /** Whether the client was told that it is there. */
  boolean created;

  /** Whether the client has ended it. */
  boolean canceling;

  /** Whether compaction ended it; the client may still end it too. */
  boolean compacted;

  /** Whether its server has yet to say that it is there again. */
  boolean resuming;

  /** Whether it waits for room, and for no server. */
  boolean waits;

  /** Whether its bytes are counted. */
  boolean counted;

  /**
   * The first revision that the client has not been told of wholly; 0 for what comes from now on.
   */
  private long next;

  /** How many events of that revision the client has. */
  private int seen;

  /** How many of these are yet to be told by the server that has the watch now, and left out. */
  private int toSkip;

  /** The events of a revision that is not whole yet, for a client that takes no parts. */
  private Bytes kept = Bytes.EMPTY;

  private long keptRevision;

  /** Bytes taken from the share for what is kept. */
  private long room;

  /** The bytes for which there was no room. */
  private long wanted;

  ProxiedWatch(WatchCreateRequest request, Share share) {
    this.request = known(request);
    this.share = share;
    this.id = request.getWatchId();
    this.next = request.getStartRevision();
  }

  /** Without unknown fields and repeated filters, which would be kept as long as the watch. */
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

  /** What it takes of the memory for watches. */
  long bytes() {
    return WATCH_BYTES + request.getKey().size() + request.getRangeEnd().size();
  }

  /** Whether where it begins is for its server to say. */
  boolean startsNow() {
    return !created && request.getStartRevision() == 0;
  }

  long next() {
    return next;
  }

  /** What is asked of a server. */
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

  /** No server has it. */
  void leave() {
    place = 0;
    resuming = false;
    forgetKept();
  }

  /** A server has it for the first time, at a revision. */
  void created(long newId, long revision) {
    id = newId;
    created = true;
    if (request.getStartRevision() == 0) {
      next = revision + 1;
    }
  }

  /** The client was told of everything up to a revision. */
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

  /** Whether the client takes a large revision in parts. */
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

  /** Forgets what is kept, and gives the room for it back. */
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
   * @param whole how many bytes that will be; 0 when nobody says it
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
   * Waits for the room that there was not, two seconds at most.
   *
   * @param done told on any thread how many bytes were taken; 0 for none
   */
  void awaitRoom(LongConsumer done) {
    waits = true;
    long bytes = wanted;
    share.take(bytes, taken -> done.accept(taken ? bytes : 0));
  }

  /**
   * It waits no more.
   *
   * @param bytes the room that was taken
   * @param goesOn whether the room is of use
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
