package io.balsa.model;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an event in etcd's {@code WatchResponse}, as protobuf. They are known before the
 * event is encoded, so the length of a message can be sent before its events.
 */
public final class EventSize {
  private static final int TAG = 1;
  private static final int TYPE = 2;

  private EventSize() {}

  public static long of(Event event, boolean prevKv) {
    KeyValue previous = prevKv ? event.previous() : null;
    int size = (event.deleted() ? TYPE : 0) + field(event.kv()) + field(previous);
    return TAG + varint(size) + (long) size;
  }

  private static int field(@Nullable KeyValue kv) {
    if (kv == null) {
      return 0;
    }
    int size =
        field(kv.key())
            + field(kv.createRevision())
            + field(kv.modRevision())
            + field(kv.version())
            + field(kv.value())
            + field(kv.lease());
    return TAG + varint(size) + size;
  }

  private static int field(Bytes bytes) {
    return bytes.isEmpty() ? 0 : TAG + varint(bytes.size()) + bytes.size();
  }

  private static int field(long number) {
    return number == 0 ? 0 : TAG + varint(number);
  }

  /** Seven bits a byte; negative numbers take ten. */
  private static int varint(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
  }
}
