package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.host.Host;
import io.balsa.kv.Command;
import io.balsa.kv.HashKv;
import io.balsa.kv.KvError;
import io.balsa.kv.Range;
import io.balsa.kv.RangePiece;
import io.balsa.kv.Reader;
import io.balsa.kv.Result;
import io.balsa.kv.StoreLimits;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Takes reads in: counts those that are open, gives each its deadline, and sends the linearizable
 * ones to ask for their index and the others straight to a read lane. From any thread, but where
 * another lane is named.
 */
final class ReadDesk {
  /** Reads that may wait in this server; beyond it clients are told that they are too many. */
  private static final int OPEN_MAX = 100_000;

  private final Host host;
  private final ApplyLane apply;
  private final long timeoutNanos;
  private final LongSupplier term;
  private final Runnable wake;
  private final ReadLane points;
  private final ReadLane scans;
  private final Reads reads;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean stopping;

  /**
   * A desk with two read lanes of its own.
   *
   * @param timeoutNanos how long a read may take
   * @param term the term as of now
   * @param wake wakes the raft lane
   * @param answers where clients are told of what the raft lane gives up
   */
  ReadDesk(
      Host host,
      ApplyLane apply,
      long timeoutNanos,
      LongSupplier term,
      Runnable wake,
      Consumer<Runnable> answers) {
    this.host = host;
    this.apply = apply;
    this.timeoutNanos = timeoutNanos;
    this.term = term;
    this.wake = wake;
    this.points = lane("reads");
    this.scans = lane("scans");
    this.reads = new Reads(points, scans, answers);
  }

  /** A read lane of what is applied here. */
  ReadLane lane(String name) {
    return new ReadLane(
        host.serviceLane(name), host.clock(), apply::state, () -> apply.facts().applied());
  }

  /** Those that wait for their index: the raft lane's. */
  Reads waiting() {
    return reads;
  }

  /** Reads keys. */
  void range(Range range, boolean linearizable, AnswerRoom room, Consumer<Outcome> done) {
    boolean point = range.rangeEnd().isEmpty();
    answer(!point, linearizable, room, done, reader -> reader.range(range));
  }

  /** Reads a part of a range. */
  void piece(
      Range range,
      boolean linearizable,
      int keysMax,
      long bytesMax,
      AnswerRoom room,
      Consumer<RangePiece> done,
      Consumer<Outcome.Failure> failed) {
    add(
        true,
        linearizable,
        room,
        reader -> done.accept(reader.piece(range, keysMax, bytesMax)),
        failed);
  }

  /** Answers a transaction that only reads. */
  void txn(Command.Txn txn, boolean linearizable, AnswerRoom room, Consumer<Outcome> done) {
    answer(true, linearizable, room, done, reader -> reader.txn(txn));
  }

  /**
   * Looks at what a transaction that changes something would cost.
   *
   * @param light called when it may be proposed
   * @param ended told otherwise, with the refusal or why there is none
   */
  void weigh(
      Command.Txn txn,
      AnswerRoom room,
      StoreLimits limits,
      Runnable light,
      Consumer<Outcome> ended) {
    add(
        true,
        true,
        room,
        reader -> {
          KvError error = reader.refusal(txn, limits);
          if (error == null) {
            light.run();
          } else {
            Result refused = new Result.Refused(reader.revision(), error);
            ended.accept(new Outcome.Answered(refused, term.getAsLong()));
          }
        },
        failure -> ended.accept(new Outcome.Failed(failure)));
  }

  /** Which leases there are. */
  void leases(AnswerRoom room, Consumer<Outcome> done) {
    answer(true, true, room, done, Reader::leases);
  }

  /** The keys that hang on a lease. */
  void attached(
      long lease, AnswerRoom room, Consumer<List<Bytes>> done, Consumer<Outcome.Failure> failed) {
    add(true, true, room, reader -> done.accept(reader.attached(lease)), failed);
  }

  /** Hashes the store as it is here. */
  void hashKv(
      long revision, AnswerRoom room, Consumer<HashKv> done, Consumer<Outcome.Failure> failed) {
    add(true, false, room, reader -> done.accept(reader.hashKv(revision)), failed);
  }

  /** Answers once all that was acknowledged anywhere before the call is applied here. */
  void barrier(Consumer<Outcome> done) {
    answer(false, true, AnswerRoom.UNBOUNDED, done, _ -> new Result.Done(apply.facts().revision()));
  }

  private void answer(
      boolean scan,
      boolean linearizable,
      AnswerRoom room,
      Consumer<Outcome> done,
      Function<Reader, Result> query) {
    add(
        scan,
        linearizable,
        room,
        reader -> done.accept(new Outcome.Answered(query.apply(reader), term.getAsLong())),
        failure -> done.accept(new Outcome.Failed(failure)));
  }

  /** Shows the whole store to somebody who answers for himself. */
  void show(boolean linearizable, Consumer<Reader> work, Consumer<Outcome.Failure> failed) {
    add(true, linearizable, AnswerRoom.UNBOUNDED, work, failed);
  }

  private void add(
      boolean scan,
      boolean linearizable,
      AnswerRoom room,
      Consumer<Reader> work,
      Consumer<Outcome.Failure> failed) {
    if (stopping) {
      failed.accept(Outcome.Failure.STOPPED);
    } else if (open.get() >= OPEN_MAX) {
      failed.accept(Outcome.Failure.TOO_MANY_REQUESTS);
    } else if (linearizable) {
      reads.add(counted(scan, room, work, failed));
      wake.run();
    } else {
      reads.serveLocally(counted(scan, room, work, failed));
    }
  }

  private Read counted(
      boolean scan, AnswerRoom room, Consumer<Reader> work, Consumer<Outcome.Failure> failed) {
    open.incrementAndGet();
    return new Read(
        scan,
        host.clock().nanos() + timeoutNanos,
        room,
        reader -> {
          open.decrementAndGet();
          work.accept(reader);
        },
        failure -> {
          open.decrementAndGet();
          failed.accept(failure);
        });
  }

  /** More is applied; on the apply lane. */
  void applied() {
    points.wake();
    scans.wake();
  }

  /** Takes no more reads. */
  void stop() {
    stopping = true;
  }
}
