package io.balsa.verify;

import io.balsa.bytes.Bytes;
import io.balsa.check.RecordedWatch;
import io.balsa.check.WatchEvent;
import io.balsa.client.EtcdClient;
import io.balsa.client.RawWatchStream;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Records one watch on one stream: all responses, and how it ended. */
final class WatchRecording implements RawWatchStream.Listener {
  private static final int WINDOW = 16;

  private final WatchCreateRequest request;
  private final UnaryOperator<WatchEvent> kept;
  private final List<RecordedWatch.Response> responses = new ArrayList<>();
  private final RawWatchStream tap;
  private boolean created;
  private boolean closed;
  private long start;
  private long lastKnown;
  private long lastEvent;
  private long compacted;
  private int events;
  private String end = "";

  /**
   * Creates the watch.
   *
   * @param kept gives the event to keep for one that arrived: itself, or an equal one
   */
  WatchRecording(EtcdClient client, WatchCreateRequest request, UnaryOperator<WatchEvent> kept) {
    this.request = request;
    this.kept = kept;
    this.start = request.getStartRevision();
    this.tap = new RawWatchStream(client, this);
    tap.ask(WINDOW);
    tap.create(request);
  }

  /** Requests a progress notification. */
  void askProgress() {
    tap.askProgress();
  }

  /** Ends the stream from this side. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    tap.close();
  }

  @Override
  public synchronized void told(WatchResponse response) {
    if (closed) {
      return;
    }
    long revision = response.getHeader().getRevision();
    if (response.getCanceled()) {
      compacted = response.getCompactRevision();
      end = compacted > 0 ? "compacted up to " + compacted : "cancelled: " + reason(response);
    } else if (response.getCreated()) {
      created = true;
      start = start == 0 ? revision + 1 : start;
    } else {
      note(revision, response);
    }
    tap.ask(1);
  }

  private static String reason(WatchResponse response) {
    return response.getCancelReason().isEmpty() ? "no reason given" : response.getCancelReason();
  }

  private void note(long revision, WatchResponse response) {
    List<WatchEvent> arrived =
        response.getEventsList().stream()
            .map(event -> kept.apply(RecordedAnswers.of(event)))
            .toList();
    responses.add(new RecordedWatch.Response(revision, arrived));
    events += arrived.size();
    if (!arrived.isEmpty()) {
      lastEvent = Math.max(lastEvent, arrived.getLast().modRevision());
    }
    lastKnown = Math.max(lastKnown, arrived.isEmpty() ? revision : lastEvent);
  }

  @Override
  public synchronized void ended(String why) {
    end = closed || !end.isEmpty() ? end : why;
  }

  synchronized boolean isOver() {
    return !end.isEmpty();
  }

  /** Why the server ended the stream; empty when it did not. */
  synchronized String end() {
    return end;
  }

  /** The compact revision, if the watch was cancelled by compaction; otherwise 0. */
  synchronized long compacted() {
    return compacted;
  }

  /** The last revision of an event or a progress notification; 0 for none. */
  synchronized long lastKnown() {
    return lastKnown;
  }

  /** The last revision of an event; 0 for none. */
  synchronized long lastEvent() {
    return lastEvent;
  }

  synchronized int events() {
    return events;
  }

  /** Whether the watch has all events up to a revision, or starts after it. */
  synchronized boolean hasReached(long revision) {
    return lastKnown >= revision || (created && start > revision);
  }

  /** The start revision of a watch that continues this one without a gap. */
  synchronized long next() {
    return Math.max(Math.max(start, lastKnown + 1), compacted);
  }

  /** The responses so far, with the address. */
  WatchCheck.WatchedStream stream(RecordingWatcher at, String when) {
    return new WatchCheck.WatchedStream(at.address() + when, watched(), end());
  }

  /** The responses so far. */
  synchronized RecordedWatch watched() {
    return new RecordedWatch(
        Bytes.wrap(request.getKey().toByteArray()),
        Bytes.wrap(request.getRangeEnd().toByteArray()),
        start,
        request.getPrevKv(),
        List.copyOf(responses));
  }
}
