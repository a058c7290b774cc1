package io.balsa.forms;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;

/** Events of a watch in the form {@code simple}, or one per line. */
public final class EventText {
  private EventText() {}

  /** Whether the answer only says how far the watch is. */
  public static boolean isProgress(WatchResponse response) {
    return response.getEventsCount() == 0 && !response.getCanceled() && !response.getCreated();
  }

  /** The line that says how far the watch is. */
  public static String progress(WatchResponse response) {
    return "progress notify: " + response.getHeader().getRevision();
  }

  /** The type, the previous key and value if the event has them, the key, the value. */
  public static void print(Lines lines, WatchResponse response) {
    for (Event event : response.getEventsList()) {
      lines.line(event.getType().name());
      if (event.hasPrevKv()) {
        lines.keyAndValue(event.getPrevKv());
      }
      lines.keyAndValue(event.getKv());
    }
  }

  /** One line for each event: revision, type, key, value. */
  public static void printRows(Lines lines, WatchResponse response) {
    for (Event event : response.getEventsList()) {
      KeyValue kv = event.getKv();
      lines.line(
          "%8d  %-6s  %s  %s"
              .formatted(
                  kv.getModRevision(),
                  event.getType().name(),
                  RawText.of(kv.getKey().toByteArray()),
                  RawText.of(kv.getValue().toByteArray())));
    }
  }

  /** Why the watch has ended, and what to do. */
  public static String ending(WatchResponse response) {
    if (response.getCompactRevision() > 0) {
      return "watch was canceled (etcdserver: mvcc: required revision has been compacted);"
          + " start again with --rev="
          + response.getCompactRevision();
    }
    return "watch was canceled (" + response.getCancelReason() + ")";
  }
}
