package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import java.io.IOException;

/**
 * The fields of a WatchResponse that the proxy needs to route it. Of the events, only the revision
 * of the last one is parsed.
 *
 * @param whole in the first fragment of a revision, the bytes of all its events; otherwise 0
 * @param events the number of events
 * @param lastRevision the revision of the last event; 0 without events
 */
record WatchResponseSummary(
    Header header,
    long watchId,
    boolean created,
    boolean canceled,
    long compactRevision,
    boolean fragment,
    long whole,
    int events,
    long lastRevision) {
  /** Balsa's own field, in the first fragment of a revision. */
  static final int WHOLE_FIELD = 1001;

  /** A response's header. */
  record Header(long cluster, long member, long revision, long term) {
    static final Header NONE = new Header(0, 0, 0, 0);

    ResponseHeader message() {
      return ResponseHeader.newBuilder()
          .setClusterId(cluster)
          .setMemberId(member)
          .setRevision(revision)
          .setRaftTerm(term)
          .build();
    }
  }

  long revision() {
    return header.revision;
  }

  /** Whether the response is a progress notification. */
  boolean isProgress() {
    return events == 0 && !created && !canceled && !fragment;
  }

  /**
   * Reads a response.
   *
   * @throws IOException when the bytes are no WatchResponse
   */
  static WatchResponseSummary of(Bytes message) throws IOException {
    return new Reading(message).read();
  }

  private static final class Reading {
    private final byte[] array;
    private final CodedInputStream in;
    private Header header = Header.NONE;
    private long watchId;
    private boolean created;
    private boolean canceled;
    private long compactRevision;
    private boolean fragment;
    private long whole;
    private int events;
    private int lastAt;
    private int lastSize;

    Reading(Bytes message) {
      this.array = message.readOnlyArray();
      this.in = CodedInputStream.newInstance(array);
    }

    WatchResponseSummary read() throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
          number(WireFormat.getTagFieldNumber(tag), in.readInt64());
        } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          message(WireFormat.getTagFieldNumber(tag), in.readRawVarint32());
        } else {
          in.skipField(tag);
        }
      }
      long lastRevision = events == 0 ? 0 : revisionOf(array, lastAt, lastSize);
      return new WatchResponseSummary(
          header,
          watchId,
          created,
          canceled,
          compactRevision,
          fragment,
          whole,
          events,
          lastRevision);
    }

    private void number(int field, long value) {
      switch (field) {
        case WatchResponse.WATCH_ID_FIELD_NUMBER -> watchId = value;
        case WatchResponse.CREATED_FIELD_NUMBER -> created = value != 0;
        case WatchResponse.CANCELED_FIELD_NUMBER -> canceled = value != 0;
        case WatchResponse.COMPACT_REVISION_FIELD_NUMBER -> compactRevision = value;
        case WatchResponse.FRAGMENT_FIELD_NUMBER -> fragment = value != 0;
        case WHOLE_FIELD -> whole = value;
        default -> {}
      }
    }

    private void message(int field, int size) throws IOException {
      if (field == WatchResponse.HEADER_FIELD_NUMBER) {
        header = header(in, size);
        return;
      }
      if (field == WatchResponse.EVENTS_FIELD_NUMBER) {
        events++;
        lastAt = in.getTotalBytesRead();
        lastSize = size;
      }
      in.skipRawBytes(size);
    }
  }

  private static Header header(CodedInputStream in, int size) throws IOException {
    int outer = in.pushLimit(size);
    long[] numbers = new long[ResponseHeader.RAFT_TERM_FIELD_NUMBER + 1];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field < numbers.length && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
        numbers[field] = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return new Header(
        numbers[ResponseHeader.CLUSTER_ID_FIELD_NUMBER],
        numbers[ResponseHeader.MEMBER_ID_FIELD_NUMBER],
        numbers[ResponseHeader.REVISION_FIELD_NUMBER],
        numbers[ResponseHeader.RAFT_TERM_FIELD_NUMBER]);
  }

  /** The revision of the event in a part of an array. */
  static long revisionOf(byte[] array, int at, int size) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(array, at, size);
    long revision = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == Event.KV_FIELD_NUMBER) {
        revision = revision(in);
      } else {
        in.skipField(tag);
      }
    }
    return revision;
  }

  private static long revision(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    long revision = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == KeyValue.MOD_REVISION_FIELD_NUMBER) {
        revision = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return revision;
  }
}
