package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.balsa.errors.EtcdError;
import io.balsa.front.MessageBundle;
import io.balsa.model.Event;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.watch.WatchAnswer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Encodes answers of watches as etcd's responses. It keeps the last encoded batches, because each
 * goes to all watches of the same keys and progress. Runs on the watch lane.
 */
final class WatchEncoder {
  private record Encoded(WatchAnswer.Batch batch, ByteString head, List<ByteString> events) {}

  private static final int REMEMBERED = 4;

  /**
   * The number of a field that Balsa adds to {@code WatchResponse}, an {@code int64}. It has the
   * bytes of {@code events} in this fragment and all later ones. Other clients skip it.
   */
  static final int WHOLE_BYTES = 1001;

  /** The encoded own part of watches with small ids, because most events go to these. */
  private static final List<ByteString> OWN =
      LongStream.range(0, 1024).mapToObj(id -> response(id).build().toByteString()).toList();

  private final ToProto toProto;
  private final LongSupplier term;
  private final int fragmentBytes;
  private final ArrayDeque<Encoded> recent = new ArrayDeque<>();
  private ByteString lastHead = ByteString.EMPTY;
  private long headRevision = -1;
  private long headTerm = -1;

  /**
   * @param fragmentBytes responses of this size are sent in fragments, if the client asked for them
   */
  WatchEncoder(ToProto toProto, LongSupplier term, int fragmentBytes) {
    this.toProto = toProto;
    this.term = term;
    this.fragmentBytes = fragmentBytes;
  }

  /**
   * The responses of an answer: several only if its events are in fragments.
   *
   * @param tellsTotal whether the first fragment has the size of all fragments
   */
  List<WatchMessage> encode(WatchAnswer answer, boolean tellsTotal) {
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
      case WatchAnswer.Told(long id, WatchAnswer.Batch batch) -> batch(id, batch, tellsTotal);
      case WatchAnswer.Part part -> List.of(part(part, tellsTotal));
      case WatchAnswer.Progress(long id, long revision) -> one(revision, response(id));
      case WatchAnswer.Canceled(long id, long revision) ->
          one(revision, response(id).setCanceled(true));
      case WatchAnswer.Revoked(long id, WatchAnswer.Refusal reason, long revision) ->
          one(revision, response(id).setCanceled(true).setCancelReason(text(reason)));
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
      case TOO_MANY ->
          "too many watches: all of this server's take an eighth of its heap, cancel some or watch"
              + " ranges";
      case TOO_FAST, HEAP_NEARLY_FULL, NO_USER, INVALID_TOKEN, OLD_REVISION, DENIED ->
          asGo(error(reason).getStatus());
    };
  }

  /** The text of a status in Go, which etcd's clients compare. */
  private static String asGo(Status status) {
    String code =
        switch (status.getCode()) {
          case INVALID_ARGUMENT -> "InvalidArgument";
          case UNAUTHENTICATED -> "Unauthenticated";
          case RESOURCE_EXHAUSTED -> "ResourceExhausted";
          default -> "PermissionDenied";
        };
    return "rpc error: code = " + code + " desc = " + status.getDescription();
  }

  /** The error of a call whose watch was refused or ended. */
  static StatusRuntimeException error(WatchAnswer.Refusal reason) {
    return switch (reason) {
      case NO_USER -> EtcdError.EMPTY_USER_NAME.exception();
      case INVALID_TOKEN -> EtcdError.INVALID_TOKEN.exception();
      case OLD_REVISION -> EtcdError.AUTH_OLD_REVISION.exception();
      case DENIED -> EtcdError.DENIED.exception();
      case TOO_FAST -> EtcdError.TOO_FAST.exception();
      case HEAP_NEARLY_FULL -> EtcdError.HEAP_NEARLY_FULL.exception();
      case EMPTY_RANGE, DUPLICATE_ID, NEGATIVE_START, TOO_MANY ->
          EtcdError.TOO_MANY_REQUESTS.exception();
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
      var header = toProto.header(revision, now);
      lastHead = WatchResponse.newBuilder().setHeader(header).build().toByteString();
    }
    return lastHead;
  }

  @SuppressWarnings("ReferenceEquality") // the same object, not an equal batch
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

  private List<WatchMessage> batch(long id, WatchAnswer.Batch batch, boolean tellsTotal) {
    Encoded encoded = encoded(batch);
    List<ByteString> events = encoded.events;
    if (events.size() == 1) {
      return List.of(new WatchMessage(encoded.head, own(id), events.getFirst()));
    }
    List<WatchMessage> parts = new ArrayList<>(events.size());
    for (ByteString part : events) {
      boolean first = parts.isEmpty();
      boolean last = parts.size() == events.size() - 1;
      ByteString own = fragment(id, last, first && tellsTotal ? batch.bytes() : 0);
      parts.add(new WatchMessage(encoded.head, own, part));
    }
    return parts;
  }

  /** A fragment, or a piece of a large message. */
  private WatchMessage part(WatchAnswer.Part part, boolean tellsTotal) {
    WatchAnswer.Batch batch = part.batch();
    ByteString events = all(batch);
    if (batch.fragment()) {
      long totalBytes = part.first() && tellsTotal ? part.wholeBytes() : 0;
      ByteString own = fragment(part.watchId(), part.last(), totalBytes);
      return new WatchMessage(head(batch.revision()), own, events);
    }
    if (!part.first()) {
      return new WatchMessage(MessageBundle.piece(), ByteString.EMPTY, ByteString.EMPTY, events);
    }
    ByteString head = head(batch.revision());
    ByteString own = own(part.watchId());
    long size = head.size() + own.size() + part.wholeBytes();
    ByteString lead = MessageBundle.piece().concat(MessageBundle.prefix(Math.toIntExact(size)));
    return new WatchMessage(lead, head, own, events);
  }

  private static ByteString fragment(long id, boolean last, long totalBytes) {
    WatchResponse.Builder own = response(id).setFragment(!last);
    if (totalBytes > 0) {
      var field = UnknownFieldSet.Field.newBuilder().addVarint(totalBytes).build();
      own.setUnknownFields(UnknownFieldSet.newBuilder().addField(WHOLE_BYTES, field).build());
    }
    return own.build().toByteString();
  }

  private static ByteString own(long id) {
    return id >= 0 && id < OWN.size() ? OWN.get((int) id) : response(id).build().toByteString();
  }

  private ByteString all(WatchAnswer.Batch batch) {
    WatchResponse.Builder all = WatchResponse.newBuilder();
    for (Event event : batch.events()) {
      all.addEvents(toProto.event(event, batch.prevKv()));
    }
    return all.build().toByteString();
  }

  /**
   * The encoded events of a response; divided into fragments if they are too large and the client
   * allows it.
   */
  private List<ByteString> events(WatchAnswer.Batch batch) {
    List<ByteString> parts = new ArrayList<>(1);
    WatchResponse.Builder part = WatchResponse.newBuilder();
    long bytes = 0;
    for (Event event : batch.events()) {
      var encoded = toProto.event(event, batch.prevKv());
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
