package io.balsa.node.reads;

import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.raft.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads between their arrival and their read index (thesis 6.4). All reads that wait
 * share one read index request. When the request fails they ask again, until their deadline. With
 * their index, reads go to their read lane; serializable reads go there at once.
 */
public final class ReadsAwaitingIndex {
  private final ConcurrentLinkedQueue<Read> arrived = new ConcurrentLinkedQueue<>();
  private final ReadLane points;
  private final ReadLane scans;
  private final ReadLane weighings;
  private final Consumer<Runnable> answers;

  /** The reads of each open read index request, by its number; owned by the raft lane. */
  private final TreeMap<Long, List<Read>> asked = new TreeMap<>();

  /** Reads whose read index request failed; owned by the raft lane. */
  private List<Read> again = new ArrayList<>();

  private long lastId;
  private volatile boolean closed;

  /**
   * No reads yet.
   *
   * @param weighings serves reads that look at what a write would cost
   * @param answers runs the tasks that tell clients of failures. The raft lane must not run them:
   *     ten thousand reads may be overdue at once
   */
  ReadsAwaitingIndex(
      ReadLane points, ReadLane scans, ReadLane weighings, Consumer<Runnable> answers) {
    this.points = points;
    this.scans = scans;
    this.weighings = weighings;
    this.answers = answers;
  }

  /** Takes a linearizable read in; from any thread. The caller wakes the raft lane afterwards. */
  void add(Read read) {
    arrived.add(read);
    if (closed) {
      failArrived(Runnable::run);
    }
  }

  /** Serves a read from the present state of this server; from any thread. */
  void serveLocally(Read read) {
    serveAt(0, read);
  }

  /** Serves a read when this server has applied an index; from any thread. */
  void serveAt(long index, Read read) {
    laneOf(read).serve(index, read);
  }

  private ReadLane laneOf(Read read) {
    return switch (read.kind()) {
      case POINT -> points;
      case SCAN -> scans;
      case WEIGHING -> weighings;
    };
  }

  /** The read index request of all reads that have arrived; null for none; on the raft lane. */
  public Input.@Nullable ReadIndex nextRequest() {
    Read first = closed ? null : arrived.poll();
    if (first == null) {
      return null;
    }
    List<Read> batch = new ArrayList<>();
    for (Read read = first; read != null; read = arrived.poll()) {
      batch.add(read);
    }
    lastId++;
    asked.put(lastId, batch);
    return new Input.ReadIndex(lastId);
  }

  /** The reads of a request may be served once an index is applied; on the raft lane. */
  public void ready(long id, long index) {
    List<Read> batch = asked.remove(id);
    if (batch != null) {
      for (Read read : batch) {
        read.room().reached(AnswerRoom.Step.READ_INDEX_KNOWN);
        laneOf(read).serve(index, read);
      }
    }
  }

  /** The request failed: its reads have to ask again; on the raft lane. */
  public void failed(long id) {
    List<Read> batch = asked.remove(id);
    if (batch != null) {
      again.addAll(batch);
    }
  }

  /** Reads whose request failed ask again, because there is a leader; on the raft lane. */
  public void askAgain() {
    arrived.addAll(again);
    again.clear();
  }

  /** Fails reads that are overdue, and drops reads whose client has left; on the raft lane. */
  public void expire(long nowNanos) {
    again = expire(again, nowNanos, Outcome.Failure.NO_LEADER);
    asked.replaceAll((_, batch) -> expire(batch, nowNanos, Outcome.Failure.TIMED_OUT));
    asked.values().removeIf(List::isEmpty);
    wakeLanes();
  }

  /** Has the read lanes look at their reads: more is applied or time has passed; any thread. */
  void wakeLanes() {
    points.wake();
    scans.wake();
    weighings.wake();
  }

  private List<Read> expire(List<Read> reads, long nowNanos, Outcome.Failure failure) {
    List<Read> left = new ArrayList<>(reads.size());
    for (Read read : reads) {
      if (read.room().clientLeft()) {
        answers.accept(() -> read.failed(Outcome.Failure.CANCELLED));
      } else if (nowNanos - read.deadlineNanos() >= 0) {
        answers.accept(() -> read.failed(failure));
      } else {
        left.add(read);
      }
    }
    return left;
  }

  /** Fails all reads, and all that come later; on the raft lane. */
  public void close() {
    closed = true;
    askAgain();
    asked.values().forEach(arrived::addAll);
    asked.clear();
    failArrived(answers);
    points.close();
    scans.close();
    weighings.close();
  }

  private void failArrived(Consumer<Runnable> on) {
    for (Read next = arrived.poll(); next != null; next = arrived.poll()) {
      Read read = next;
      on.accept(() -> read.failed(Outcome.Failure.STOPPED));
    }
  }
}
