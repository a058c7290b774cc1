package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.io.IOException;

/**
 * The bytes of the events of a WatchResponse, each with the number and length of its field.
 *
 * @param header the bytes of the response's header, with number and length
 * @param lastAt where the events of the last revision begin, in bytes
 * @param lastRevision the last revision; 0 without events
 * @param ofLast the number of events of the last revision
 * @param skipped the number of events that were left out
 */
record WatchEvents(
    Bytes header, Bytes events, int lastAt, long lastRevision, int ofLast, int skipped) {
  /**
   * Finds the events.
   *
   * @throws IOException when the bytes are no response, or its events are not adjacent
   */
  static WatchEvents of(Bytes message) throws IOException {
    return new Finding(message).find(0, 0);
  }

  /**
   * As {@link #of}, without the first events of a revision.
   *
   * @param skip how many events of this revision to leave out; the response may have fewer
   */
  static WatchEvents without(Bytes message, long revision, int skip) throws IOException {
    return new Finding(message).find(revision, skip);
  }

  /** The events before the last revision. */
  Bytes earlier() {
    return events.slice(0, lastAt);
  }

  /** The events of the last revision. */
  Bytes last() {
    return events.from(lastAt);
  }

  private static final class Finding {
    private final Bytes message;
    private final byte[] array;
    private final CodedInputStream in;
    private Bytes header = Bytes.EMPTY;
    private int from = -1;
    private int to = -1;
    private int lastFrom = -1;
    private long lastRevision;
    private int ofLast;

    Finding(Bytes message) {
      this.message = message;
      this.array = message.readOnlyArray();
      this.in = CodedInputStream.newInstance(array);
    }

    WatchEvents find(long revision, int skip) throws IOException {
      int left = skip;
      for (int at = 0, tag = in.readTag();
          tag != 0;
          at = in.getTotalBytesRead(), tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        boolean bytes = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (bytes && field == WatchResponse.EVENTS_FIELD_NUMBER) {
          int size = in.readRawVarint32();
          long its = WatchResponseSummary.revisionOf(array, in.getTotalBytesRead(), size);
          in.skipRawBytes(size);
          if (left > 0 && its == revision) {
            left--;
          } else {
            add(at, in.getTotalBytesRead(), its);
          }
        } else {
          in.skipField(tag);
          if (field == WatchResponse.HEADER_FIELD_NUMBER) {
            header = message.slice(at, in.getTotalBytesRead());
          }
        }
      }
      return from < 0
          ? new WatchEvents(header, Bytes.EMPTY, 0, 0, 0, skip - left)
          : new WatchEvents(
              header, message.slice(from, to), lastFrom - from, lastRevision, ofLast, skip - left);
    }

    private void add(int at, int end, long revision) throws IOException {
      if (from < 0) {
        from = at;
        to = at;
      }
      if (to != at) {
        throw new IOException("the events of a response stand together");
      }
      to = end;
      ofLast = revision == lastRevision ? ofLast + 1 : 1;
      lastFrom = revision == lastRevision ? lastFrom : at;
      lastRevision = revision;
    }
  }
}
