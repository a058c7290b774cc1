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

/** One watch on one stream, from its beginning to its end, and all that it was told. */
final class WatchRecording implements RawWatchStream.Listener {
  private static final int WINDOW = 16;

  private final WatchCreateRequest request;
  private final UnaryOperator<WatchEvent> kept;
  private final List<RecordedWatch.Response> responses = new ArrayList<>();
  private final RawWatchStream tap;
  private boolean created;
  private boolean left;
  private long start;
  private long told;
  private long lastEvent;
  private long compacted;
  private int events;
  private String end = "";

  /**
   * Begins to watch.
   *
   * @param kept what is kept of an event: itself, or one that equals it
   */
  WatchRecording(EtcdClient client, WatchCreateRequest request, UnaryOperator<WatchEvent> kept) {
    this.request = request;
    this.kept = kept;
    this.start = request.getStartRevision();
    this.tap = new RawWatchStream(client, this);
    tap.ask(WINDOW);
    tap.create(request);
  }

  /** Asks how far it has been told. */
  void askProgress() {
    tap.askProgress();
  }

  /** Leaves the stream. */
  void close() {
    synchronized (this) {
      left = true;
    }
    tap.close();
  }

  @Override
  public synchronized void told(WatchResponse response) {
    if (left) {
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
    List<WatchEvent> heard =
        response.getEventsList().stream()
            .map(event -> kept.apply(RecordedAnswers.of(event)))
            .toList();
    responses.add(new RecordedWatch.Response(revision, heard));
    events += heard.size();
    if (!heard.isEmpty()) {
      lastEvent = Math.max(lastEvent, heard.getLast().modRevision());
    }
    told = Math.max(told, heard.isEmpty() ? revision : lastEvent);
  }

  @Override
  public synchronized void ended(String why) {
    end = left || !end.isEmpty() ? end : why;
  }

  synchronized boolean isOver() {
    return !end.isEmpty();
  }

  /** Why it ended; empty while it has not, and when it was left. */
  synchronized String end() {
    return end;
  }

  /** The compact revision by which it was ended; 0 when it was not so. */
  synchronized long compacted() {
    return compacted;
  }

  /** The last revision that it knows of; 0 for none. */
  synchronized long told() {
    return told;
  }

  /** The last revision of which it saw an event; 0 for none. */
  synchronized long lastEvent() {
    return lastEvent;
  }

  synchronized int events() {
    return events;
  }

  /** Whether it knows of a revision, or begins behind it. */
  synchronized boolean hasReached(long revision) {
    return told >= revision || (created && start > revision);
  }

  /** The revision to go on from with nothing left out. */
  synchronized long next() {
    return Math.max(Math.max(start, told + 1), compacted);
  }

  /** What came so far, and where. */
  WatchCheck.WatchedStream seen(RecordingWatcher at, String when) {
    return new WatchCheck.WatchedStream(at.address() + when, watched(), end());
  }

  /** What came so far. */
  synchronized RecordedWatch watched() {
    return new RecordedWatch(
        Bytes.wrap(request.getKey().toByteArray()),
        Bytes.wrap(request.getRangeEnd().toByteArray()),
        start,
        request.getPrevKv(),
        List.copyOf(responses));
  }
}
