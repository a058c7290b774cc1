package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.kv.Event;
import io.balsa.kv.WatchAnswer;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Answers of watches as etcd's responses. Remembers the batches that it encoded last: each goes to
 * all watches that want the same and are as far. On the watch lane.
 */
final class WatchEncoder {
  private record Encoded(WatchAnswer.Batch batch, ByteString head, List<ByteString> events) {}

  private static final int REMEMBERED = 4;

  /** What watches of small ids have of their own, as most events go to such. */
  private static final List<ByteString> OWN =
      LongStream.range(0, 1024).mapToObj(id -> response(id).build().toByteString()).toList();

  private final ToWire toWire;
  private final LongSupplier term;
  private final int fragmentBytes;
  private final ArrayDeque<Encoded> recent = new ArrayDeque<>();
  private ByteString lastHead = ByteString.EMPTY;
  private long headRevision = -1;
  private long headTerm = -1;

  /**
   * @param fragmentBytes from which size on a response is sent in parts, to who asked for it
   */
  WatchEncoder(ToWire toWire, LongSupplier term, int fragmentBytes) {
    this.toWire = toWire;
    this.term = term;
    this.fragmentBytes = fragmentBytes;
  }

  /** The responses of an answer; more than one only for events in parts. */
  List<WatchMessage> encode(WatchAnswer answer) {
    return switch (answer) {
      case WatchAnswer.Created(long id, long revision) ->
          one(revision, response(id).setCreated(true));
      case WatchAnswer.Refused(WatchAnswer.Refusal reason, long revision) ->
          one(
              revision,
              response(WatchAnswer.NO_WATCH)
                  .setCreated(true)
                  .setCanceled(true)
                  .setCancelReason(text(reason)));
      case WatchAnswer.Told(long id, WatchAnswer.Batch batch) -> told(id, batch);
      case WatchAnswer.Progress(long id, long revision) -> one(revision, response(id));
      case WatchAnswer.Canceled(long id, long revision) ->
          one(revision, response(id).setCanceled(true));
      case WatchAnswer.Compacted(long id, long revision) ->
          one(0, response(id).setCanceled(true).setCompactRevision(revision));
    };
  }

  private static WatchResponse.Builder response(long id) {
    return WatchResponse.newBuilder().setWatchId(id);
  }

  private static String text(WatchAnswer.Refusal reason) {
    return switch (reason) {
      case EMPTY_RANGE -> "mvcc: watcher range is empty";
      case DUPLICATE_ID -> "mvcc: duplicate watch ID provided on the WatchStream";
      case NEGATIVE_START -> "etcdserver: mvcc: required revision has been compacted";
    };
  }

  private List<WatchMessage> one(long revision, WatchResponse.Builder own) {
    ByteString bytes = own.build().toByteString();
    return List.of(new WatchMessage(head(revision), bytes, ByteString.EMPTY));
  }

  private ByteString head(long revision) {
    long now = term.getAsLong();
    if (revision != headRevision || now != headTerm) {
      headRevision = revision;
      headTerm = now;
      var header = toWire.header(revision, now);
      lastHead = WatchResponse.newBuilder().setHeader(header).build().toByteString();
    }
    return lastHead;
  }

  @SuppressWarnings("ReferenceEquality") // the same batch, not one that happens to say the same
  private Encoded encoded(WatchAnswer.Batch batch) {
    for (Encoded each : recent) {
      if (each.batch == batch) {
        return each;
      }
    }
    if (recent.size() == REMEMBERED) {
      recent.removeLast();
    }
    Encoded fresh = new Encoded(batch, head(batch.revision()), events(batch));
    recent.addFirst(fresh);
    return fresh;
  }

  private List<WatchMessage> told(long id, WatchAnswer.Batch batch) {
    Encoded encoded = encoded(batch);
    List<ByteString> events = encoded.events;
    ByteString own = own(id);
    if (events.size() == 1) {
      return List.of(new WatchMessage(encoded.head, own, events.getFirst()));
    }
    ByteString ownPart = response(id).setFragment(true).build().toByteString();
    List<WatchMessage> parts = new ArrayList<>(events.size());
    for (ByteString part : events) {
      boolean last = parts.size() == events.size() - 1;
      parts.add(new WatchMessage(encoded.head, last ? own : ownPart, part));
    }
    return parts;
  }

  private static ByteString own(long id) {
    return id >= 0 && id < OWN.size() ? OWN.get((int) id) : response(id).build().toByteString();
  }

  /** The events as they stand in a response; cut where one grows too large and may be cut. */
  private List<ByteString> events(WatchAnswer.Batch batch) {
    List<ByteString> parts = new ArrayList<>(1);
    WatchResponse.Builder part = WatchResponse.newBuilder();
    long bytes = 0;
    for (Event event : batch.events()) {
      var encoded = toWire.event(event, batch.prevKv());
      bytes += encoded.getSerializedSize();
      if (batch.fragment() && bytes >= fragmentBytes && part.getEventsCount() > 0) {
        parts.add(part.build().toByteString());
        part = WatchResponse.newBuilder();
        bytes = encoded.getSerializedSize();
      }
      part.addEvents(encoded);
    }
    parts.add(part.build().toByteString());
    return parts;
  }
}
