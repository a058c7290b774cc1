package io.balsa.ctl;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;

/** Events as etcdctl prints them, or one per line. */
final class EventText {
  private EventText() {}

  static String of(WatchResponse response) {
    if (response.getEventsCount() == 0 && !response.getCanceled()) {
      return "progress notify: " + response.getHeader().getRevision();
    }
    List<String> lines = new ArrayList<>();
    for (Event event : response.getEventsList()) {
      lines.add(event.getType().name());
      if (event.hasPrevKv()) {
        addTo(lines, event.getPrevKv());
      }
      addTo(lines, event.getKv());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void addTo(List<String> lines, KeyValue kv) {
    lines.add(kv.getKey().toStringUtf8());
    lines.add(kv.getValue().toStringUtf8());
  }

  /** One line for each event: revision, what, key, value. */
  static String table(WatchResponse response) {
    List<String> lines = new ArrayList<>();
    for (Event event : response.getEventsList()) {
      KeyValue kv = event.getKv();
      lines.add(
          "%8d  %-6s  %s  %s"
              .formatted(
                  kv.getModRevision(),
                  event.getType().name(),
                  kv.getKey().toStringUtf8(),
                  kv.getValue().toStringUtf8()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** Why the watch has ended, and what to do. */
  static String ending(WatchResponse response) {
    if (response.getCompactRevision() > 0) {
      long from = response.getCompactRevision();
      return "the next revisions are compacted; start again with --rev=" + from;
    }
    return "the server ended the watch: " + response.getCancelReason();
  }
}
