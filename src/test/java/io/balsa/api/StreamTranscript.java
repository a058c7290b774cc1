package io.balsa.api;

import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came on an open call. A watch stream is told apart by watch: how events are spread over
 * responses is left out, but that a revision is never torn apart is held. Of an observation the
 * newest counts, as etcd leaves out leaders that were gone before it looked.
 */
final class StreamTranscript {
  private final Rpc rpc;
  private final Map<Long, List<String>> lines = new TreeMap<>();
  private final HashMap<Long, Long> lastRevision = new HashMap<>();
  private final Set<Long> watching = new TreeSet<>();
  private int created;
  private boolean over;

  StreamTranscript(Rpc rpc) {
    this.rpc = rpc;
  }

  synchronized void answer(Message response) {
    notifyAll();
    if (response instanceof WatchResponse watch) {
      watch(watch);
    } else {
      line(0, Step.text(unhurried(Anonymous.message(response))));
    }
  }

  /** A call that waited may answer with the revision of that time or of a later one. */
  private Message unhurried(Message response) {
    return rpc == Rpc.KEEP_ALIVE
        ? response
        : response.toBuilder()
            .clearField(response.getDescriptorForType().findFieldByName("header"))
            .build();
  }

  synchronized void end(String how) {
    notifyAll();
    over = true;
    line(0, how);
  }

  private void line(long watch, String line) {
    List<String> of = lines.computeIfAbsent(watch, _ -> new ArrayList<>());
    if (rpc == Rpc.OBSERVE) {
      of.clear();
    }
    of.add(line);
  }

  private void watch(WatchResponse response) {
    long id = response.getWatchId();
    if (response.getCreated()) {
      created++;
      watching.add(id);
      line(id, "created at " + response.getHeader().getRevision());
      lastRevision.remove(id);
    }
    long last = lastRevision.getOrDefault(id, 0L);
    if (response.getEventsCount() > 0 && response.getEvents(0).getKv().getModRevision() <= last) {
      line(-2, "revision " + last + " was torn apart or came again");
    }
    for (Event event : response.getEventsList()) {
      line(id, Step.text(event));
      lastRevision.put(id, event.getKv().getModRevision());
    }
    if (response.getCanceled()) {
      watching.remove(id);
      line(id, "canceled " + response.getCancelReason() + " " + response.getCompactRevision());
    }
    if (!response.getCreated() && !response.getCanceled() && response.getEventsCount() == 0) {
      line(id, "progress at " + response.getHeader().getRevision());
    }
  }

  synchronized int created() {
    return created;
  }

  synchronized boolean watches(long id) {
    return watching.contains(id);
  }

  synchronized boolean over() {
    return over;
  }

  /** Whether it is a call that may be answered by what others do. */
  synchronized boolean waits() {
    return !over && (rpc == Rpc.LOCK || rpc == Rpc.CAMPAIGN || rpc == Rpc.OBSERVE);
  }

  synchronized int size() {
    return lines.values().stream().mapToInt(List::size).sum();
  }

  synchronized Map<Long, List<String>> lines() {
    Map<Long, List<String>> copy = new TreeMap<>();
    lines.forEach((id, of) -> copy.put(id, List.copyOf(of)));
    return copy;
  }

  /**
   * Whether the key of one who waited for a lock was gone in the end: then etcd 3.6 refuses, and
   * 3.4 gives what it has not.
   */
  static boolean isExpired(Map<Long, List<String>> lines) {
    return lines.values().stream()
        .flatMap(List::stream)
        .anyMatch(line -> line.contains("mutex: session is expired"));
  }

  /** Both sides were told this: it needs not be compared again. */
  synchronized void agreed(Map<Long, List<String>> on) {
    if (rpc != Rpc.OBSERVE) {
      on.forEach(
          (id, of) ->
              Objects.requireNonNull(lines.get(id), "what was told is kept")
                  .subList(0, of.size())
                  .clear());
    }
  }

  /** Waits, for at most so long. */
  synchronized boolean await(java.util.function.BooleanSupplier what, long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      while (!what.getAsBoolean()) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(Math.min(left, 5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
