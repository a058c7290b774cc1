package io.balsa.client;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest.SortOrder;
import io.balsa.proto.etcdserverpb.RangeRequest.SortTarget;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range in parts, all of one revision, so that neither side holds more than a part. Uses
 * RangeStream where the server has it, otherwise pages. Works for key order only: any other order
 * needs all keys at once. A stream that breaks begins again after the last key returned.
 */
public final class RangeParts implements AutoCloseable {
  private static final long PAGE_KEYS = 1_000;
  private static final int TRIES_MAX = 5;
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private final EtcdCalls calls;
  private final Duration limit;
  private final ResponseHeader header;

  /** The part of the range that was not returned yet. */
  private RangeRequest rest;

  private @Nullable Answers<RangeStreamResponse> stream;
  private boolean streams = true;
  private boolean over;
  private int failures;

  /**
   * Parts of a range.
   *
   * @param limit how long each part may take
   */
  public RangeParts(EtcdCalls calls, RangeRequest request, Duration limit) throws RequestFailed {
    this.calls = calls;
    this.limit = limit;
    this.header = headerNow(request);
    this.rest =
        request.getRevision() > 0
            ? request
            : request.toBuilder().setRevision(header.getRevision()).build();
  }

  /** Whether a range can be read in parts. */
  public static boolean suits(RangeRequest request) {
    boolean ascending =
        request.getSortTarget() == SortTarget.KEY && request.getSortOrder() != SortOrder.DESCEND;
    return ascending && !request.getCountOnly() && !request.getRangeEnd().isEmpty();
  }

  /** The header of the whole answer. etcd's RangeStream sends one with the last part only. */
  public ResponseHeader header() {
    return header;
  }

  private ResponseHeader headerNow(RangeRequest request) throws RequestFailed {
    RangeRequest one =
        RangeRequest.newBuilder()
            .setKey(request.getKey())
            .setKeysOnly(true)
            .setSerializable(request.getSerializable())
            .build();
    return EtcdCalls.await(calls.range(one)).getHeader();
  }

  /** The next part; null when there are no more. */
  public @Nullable RangeResponse next() throws RequestFailed {
    RangeResponse part = null;
    while (part == null && !over) {
      part = streams ? streamed() : page();
    }
    return part;
  }

  private @Nullable RangeResponse streamed() throws RequestFailed {
    try {
      Answers<RangeStreamResponse> from = stream;
      if (from == null) {
        from = calls.rangeStream(rest);
        stream = from;
      }
      RangeStreamResponse answer = from.next(limit);
      over = answer == null;
      return answer == null ? null : given(answer.getRangeResponse());
    } catch (RequestFailed failed) {
      Status.Code code = failed.status().getCode();
      streams = code != Status.Code.UNIMPLEMENTED;
      failures++;
      if (streams && (code != Status.Code.UNAVAILABLE || failures == TRIES_MAX)) {
        throw failed;
      }
      close();
      return null;
    }
  }

  private RangeResponse page() throws RequestFailed {
    long keys = rest.getLimit() <= 0 ? PAGE_KEYS : Math.min(PAGE_KEYS, rest.getLimit());
    RangeResponse page = EtcdCalls.await(calls.range(rest.toBuilder().setLimit(keys).build()));
    boolean last = !page.getMore();
    RangeResponse part = given(page);
    over |= last;
    return part;
  }

  private RangeResponse given(RangeResponse part) {
    List<KeyValue> kvs = part.getKvsList();
    if (!kvs.isEmpty()) {
      long left = rest.getLimit() <= 0 ? 0 : rest.getLimit() - kvs.size();
      over = rest.getLimit() > 0 && left <= 0;
      ByteString next = kvs.getLast().getKey().concat(ZERO);
      rest = rest.toBuilder().setKey(next).setLimit(left).build();
    }
    return part;
  }

  @Override
  public void close() {
    Answers<RangeStreamResponse> open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}
