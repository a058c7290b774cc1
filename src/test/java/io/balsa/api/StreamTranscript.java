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
 * The messages of an open call. A watch stream is compared watch by watch. The grouping of events
 * into responses may differ, but a revision must stay together. In an observation only the newest
 * leader counts, because etcd skips leaders that were gone before it read.
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

  /** A call that waited may answer with the revision of its turn or a later one. */
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

  /** Whether steps of other clients may answer the call. */
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
   * Whether the key of a waiting lock was deleted at the end. etcd 3.6 refuses such a lock; 3.4
   * grants it.
   */
  static boolean isExpired(Map<Long, List<String>> lines) {
    return lines.values().stream()
        .flatMap(List::stream)
        .anyMatch(line -> line.contains("mutex: session is expired"));
  }

  /** Drops messages that both sides got, so that they are not compared again. */
  synchronized void agreed(Map<Long, List<String>> on) {
    if (rpc != Rpc.OBSERVE) {
      on.forEach(
          (id, of) ->
              Objects.requireNonNull(lines.get(id), "what was told is kept")
                  .subList(0, of.size())
                  .clear());
    }
  }

  /** Waits for a message, at most this time. */
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
