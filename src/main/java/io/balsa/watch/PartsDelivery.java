package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.kv.StoreReader;
import io.balsa.model.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a large revision to one watcher, part by part. Each part is read when the stream has room
 * for it, so that nothing is held between two parts.
 */
final class PartsDelivery implements CatchUp {
  private final Backlog backlog;
  private final Watcher watcher;
  private final long revision;
  private final long totalBytes;
  private final long header;
  private @Nullable Bytes after;
  private long bytes;
  private long room;

  /**
   * @param totalBytes the size of all its events in answers. When the parts come to another size, a
   *     compaction has removed previous key-values since they were counted.
   */
  PartsDelivery(Backlog backlog, Watcher watcher, long revision, long totalBytes) {
    this.backlog = backlog;
    this.watcher = watcher;
    this.revision = revision;
    this.totalBytes = totalBytes;
    this.header = backlog.hub().newest();
    this.room = Math.min(partBytes(), totalBytes);
  }

  Watcher watcher() {
    return watcher;
  }

  private long partBytes() {
    WatchLimits limits = backlog.limits();
    return watcher.kind().fragment() ? limits.fragmentBytes() : limits.partBytes();
  }

  /** Whether the client has got a part. */
  boolean isUnderWay() {
    return bytes > 0;
  }

  /**
   * Tries to take room for the next part. It ends the stream when the revision is too large for the
   * client. Without room, the owner of the sink calls {@link WatchStream#ready} later.
   */
  boolean tryTakeRoom() {
    if (!watcher.kind().fragment() && totalBytes > watcher.stream().messageBytesMax()) {
      watcher.stream().end(WatchSink.End.TOO_LARGE);
      return false;
    }
    return watcher.stream().takeRoomForPart(room);
  }

  @Override
  public Runnable read(StoreReader reader) {
    PastEvents past = new PastEvents(reader.keys(), watcher.kind().prevKv());
    // the piece ends with the event that goes beyond the limit; three quarters leave room for it
    RevisionPiece piece =
        RevisionPiece.read(
            past,
            revision,
            after,
            watcher.kind()::covers,
            backlog.limits().changes(),
            partBytes() * 3 / 4);
    return () -> send(piece);
  }

  @Override
  public void unread() {
    backlog.over();
    if (watcher.state() == Watcher.State.IN_PARTS) {
      backlog.canGoOn(this);
    }
  }

  private void send(RevisionPiece piece) {
    backlog.over();
    if (watcher.state() != Watcher.State.IN_PARTS) {
      return; // its stream ended, or the watch ended before the first part
    }
    List<Event> events = piece.events().stream().filter(watcher.kind()::wants).toList();
    WatchAnswer.Batch batch = watcher.kind().batch(header, events);
    boolean last = bytes + batch.bytes() == totalBytes;
    if (piece.isForgotten(revision)
        || bytes + batch.bytes() > totalBytes
        || (piece.after() == null && !last)) {
      giveUp();
    } else if (batch.bytes() > room && !watcher.stream().takeRoomForPart(batch.bytes())) {
      room = batch.bytes();
    } else {
      send(batch, last);
      after = piece.after();
    }
  }

  private void send(WatchAnswer.Batch batch, boolean last) {
    room = Math.min(partBytes(), totalBytes);
    if (!batch.events().isEmpty()) {
      watcher.sendPart(batch, totalBytes, bytes == 0, last);
      bytes += batch.bytes();
    }
    if (last) {
      watcher.stream().deliveryOver(this);
      backlog.passed(List.of(watcher), revision);
    } else {
      backlog.canGoOn(this);
    }
  }

  /**
   * Parts that were sent cannot be taken back: then the stream ends, and the client begins anew.
   */
  private void giveUp() {
    if (isUnderWay()) {
      watcher.stream().end(WatchSink.End.CUT_SHORT);
    } else {
      watcher.stream().deliveryOver(this);
      backlog.again(List.of(watcher));
    }
  }
}
