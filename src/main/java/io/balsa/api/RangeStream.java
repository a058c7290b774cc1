package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * Sends a range in parts, as etcd 3.7 does. All parts have one revision. The first has ten keys,
 * later ones more, up to 1 MiB. The last part has header, count and {@code more}. A part is read
 * when the client has taken the one before, so a client that does not read costs one part.
 */
@SuppressWarnings(
    "StaticAssignmentOfThrowable") // has no stack trace, as the exceptions of EtcdError
final class RangeStream {
  private static final int FIRST_KEYS = 10;
  private static final int KEYS_MAX = 1 << 16;

  /** The first part is a small answer, for which the budget has reserved room. */
  private static final long FIRST_BYTES = 32 << 10;

  private static final long BYTES_MAX = 1 << 20;

  /** How often a part is tried while the budget has no room; each try waits up to two seconds. */
  private static final int ATTEMPTS = 5;

  private static final StatusRuntimeException CUSTOM_ORDER =
      unimplemented("RangeStream does not support custom sort orders");
  private static final StatusRuntimeException FILTERS =
      unimplemented("RangeStream does not support revision filters");

  private final Node node;
  private final ToProto toProto;
  private final long bytesMax;
  private final ServerCallStreamObserver<RangeStreamResponse> client;
  private final Caller caller = CallerSession.current().caller();
  private final CallRoom room = CallRoom.current();

  /** The part of the range that is not read. */
  private Range range;

  private boolean linearizable;
  private int keys = FIRST_KEYS;
  private long bytes = FIRST_BYTES;
  private int refusals;
  private long sent;
  private long revision;
  private boolean reading;
  private boolean over;

  private RangeStream(
      Node node,
      ToProto toProto,
      long bytesMax,
      Range range,
      boolean linearizable,
      ServerCallStreamObserver<RangeStreamResponse> client) {
    this.node = node;
    this.toProto = toProto;
    this.bytesMax = Math.min(bytesMax, BYTES_MAX);
    this.range = range;
    this.linearizable = linearizable;
    this.client = client;
  }

  private static StatusRuntimeException unimplemented(String text) {
    return Status.UNIMPLEMENTED.withDescription(text).asRuntimeException();
  }

  /**
   * Whether a range has a sort target but no order. {@code Range} sorts it after the limit, so it
   * is sent as one part. etcd 3.7 sorts each part by itself and goes on after its last key, so it
   * leaves keys out.
   */
  static boolean isSortedAtTheEnd(Range range) {
    return range.target() != Range.SortTarget.KEY && range.order() == Range.SortOrder.NONE;
  }

  /** Refuses what etcd refuses: other orders than that of keys, and filters. */
  static void check(Range range) {
    boolean byKey =
        range.target() == Range.SortTarget.KEY && range.order() != Range.SortOrder.DESCEND;
    if (!byKey && !isSortedAtTheEnd(range)) {
      throw CUSTOM_ORDER;
    }
    boolean filtered =
        range.minModRevision() != 0
            || range.maxModRevision() != 0
            || range.minCreateRevision() != 0
            || range.maxCreateRevision() != 0;
    if (filtered) {
      throw FILTERS;
    }
  }

  /**
   * Starts the stream; to be called before the call's method returns.
   *
   * @param bytesMax about the most bytes of keys and values in a part; at most 1 MiB
   */
  static void begin(
      Node node,
      ToProto toProto,
      long bytesMax,
      Range range,
      boolean linearizable,
      ServerCallStreamObserver<RangeStreamResponse> client) {
    RangeStream stream = new RangeStream(node, toProto, bytesMax, range, linearizable, client);
    client.setOnReadyHandler(stream::pump);
    client.setOnCancelHandler(stream::end);
    stream.pump();
  }

  private synchronized void pump() {
    if (!reading && !over && client.isReady()) {
      reading = true;
      node.readPiece(
          caller, range, linearizable, keys, bytes, room.next(), this::read, this::failed);
    }
  }

  private synchronized void read(RangePiece piece) {
    if (over) {
      return;
    }
    if (piece.error() != null) {
      fail(EtcdError.of(piece.error()));
      return;
    }
    if (revision == 0) {
      revision = piece.revision();
    }
    sent += piece.kvs().size();
    boolean last = piece.next() == null;
    if (!Reply.next(client, part(piece, last))) {
      end();
    } else if (last) {
      client.onCompleted();
      end();
    } else {
      goOn(piece.nextKey(), piece.kvs().size());
    }
  }

  /**
   * Later parts are read from this server too, because it has applied the first part's revision.
   */
  private void goOn(Bytes key, int taken) {
    long at = range.revision() > 0 ? range.revision() : revision;
    range =
        range
            .withKey(key)
            .withRevision(at)
            .withLimit(range.limit() <= 0 ? 0 : range.limit() - taken);
    linearizable = false;
    keys = Math.min(KEYS_MAX, 2 * keys);
    bytes = Math.min(bytesMax, 2 * bytes);
    refusals = 0;
    reading = false;
    pump();
  }

  private RangeStreamResponse part(RangePiece piece, boolean last) {
    RangeResponse.Builder part = RangeResponse.newBuilder();
    piece.kvs().forEach(kv -> part.addKvs(ToProto.keyValue(kv)));
    if (last) {
      part.setHeader(toProto.header(revision, node.status().term()))
          .setMore(piece.rest() > 0 && !range.countOnly())
          .setCount(sent + piece.rest());
    }
    return RangeStreamResponse.newBuilder().setRangeResponse(part).build();
  }

  private synchronized void failed(Outcome.Failure failure) {
    if (over) {
      return;
    }
    refusals++;
    if (failure == Outcome.Failure.NO_ROOM && refusals < ATTEMPTS) {
      bytes = FIRST_BYTES;
      reading = false;
      pump();
    } else {
      fail(EtcdError.of(failure));
    }
  }

  private void fail(EtcdError error) {
    end();
    client.onError(error.exception());
  }

  private synchronized void end() {
    over = true;
  }
}
