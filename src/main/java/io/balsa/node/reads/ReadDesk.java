package io.balsa.node.reads;

import io.balsa.auth.Judge;
import io.balsa.host.Host;
import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.node.apply.ApplyLane;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes reads in: counts the open ones and gives each its deadline. Linearizable reads wait for
 * their index in {@link ReadsAwaitingIndex}; the others go straight to a read lane. From any
 * thread, unless a lane is named.
 */
public final class ReadDesk {
  /** Hashes that may be made at once: each of them reads the whole store. */
  private static final int HASHES_MAX = 4;

  private final Host host;
  private final ApplyLane apply;
  private final long timeoutNanos;
  private final LongSupplier term;
  private final Runnable wake;
  private final ReadsAwaitingIndex reads;
  private final OpenReads open = new OpenReads();
  private final LeaseReads leases = new LeaseReads(this);
  private final AtomicInteger hashes = new AtomicInteger();
  private volatile boolean stopping;

  /**
   * A desk with three read lanes of its own.
   *
   * @param timeoutNanos how long a read may take, from its arrival
   * @param term the current term
   * @param wake wakes the raft lane
   * @param answers runs the tasks that tell clients of reads that the raft lane gives up
   */
  public ReadDesk(
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
    this.reads = new ReadsAwaitingIndex(lane("reads"), lane("scans"), lane("weighings"), answers);
  }

  /** A read lane over the state in force. */
  public ReadLane lane(String name) {
    return new ReadLane(
        host.serviceLane(name), host.clock(), apply::state, () -> apply.facts().applied());
  }

  /** The reads that wait for their index; for the raft lane. */
  public ReadsAwaitingIndex waiting() {
    return reads;
  }

  /** The reads of leases. */
  public LeaseReads leases() {
    return leases;
  }

  /** Reads keys. */
  public void range(
      Caller caller, Range range, boolean linearizable, AnswerRoom room, Consumer<Outcome> done) {
    add(
        whole(
            range.rangeEnd().isEmpty() ? Read.Kind.POINT : Read.Kind.SCAN,
            room,
            RequestBytes.of(range),
            reader -> {
              KvError denied = Judge.range(reader.auth(), caller, range);
              return denied == null
                  ? reader.range(range, room.bytesMax())
                  : refused(reader, denied);
            },
            done),
        linearizable);
  }

  static Reading<Result> refused(StoreReader reader, KvError denied) {
    return StoreReader.atOnce(() -> new Result.Refused(reader.revision(), denied));
  }

  /**
   * Counts keys for a client whose deletion is done and whose answer lacks only the count. It has
   * no deadline once it has begun, and goes beside other scans.
   *
   * @param counted called on a read lane; never called when the keys cannot be counted
   */
  public void count(Range range, AnswerRoom room, Consumer<Result.Range> counted) {
    add(new CountRead(range, room, counted), false);
  }

  /**
   * Reads a part of a range.
   *
   * @param keysMax the most keys of the part
   * @param bytesMax the part ends with the key that reaches so many bytes
   */
  public void piece(
      Caller caller,
      Range range,
      boolean linearizable,
      int keysMax,
      long bytesMax,
      AnswerRoom room,
      Consumer<RangePiece> done,
      Consumer<Outcome.Failure> failed) {
    add(
        new CallbackRead<>(
            Read.Kind.SCAN,
            deadline(),
            room,
            RequestBytes.of(range),
            reader -> {
              KvError denied = Judge.range(reader.auth(), caller, range);
              return denied == null
                  ? reader.piece(range, keysMax, bytesMax, room.bytesMax())
                  : StoreReader.atOnce(
                      () -> new RangePiece(reader.revision(), List.of(), null, 0, denied));
            },
            done,
            failed),
        linearizable);
  }

  /** Answers a transaction that only reads. */
  public void txn(
      Caller caller,
      Command.Txn txn,
      boolean linearizable,
      AnswerRoom room,
      Consumer<Outcome> done) {
    add(
        whole(
            Read.Kind.SCAN,
            room,
            RequestBytes.of(txn),
            reader -> {
              KvError denied = Judge.txn(reader.auth(), caller, txn);
              return denied == null ? reader.txn(txn, room.bytesMax()) : refused(reader, denied);
            },
            done),
        linearizable);
  }

  /**
   * Looks whether the caller may do a transaction that writes, or a deletion, and then what it
   * would cost.
   *
   * @param light called when it may be proposed
   * @param ended called otherwise, with the refusal or with the reason why the read failed
   */
  public void weigh(
      Caller caller,
      Op op,
      AnswerRoom room,
      StoreLimits limits,
      Runnable light,
      Consumer<Outcome> ended) {
    add(
        new WeighingRead(
            room,
            RequestBytes.of(op),
            reader -> StoreReader.atOnce(() -> Weighed.of(reader, caller, op, limits)),
            weighed -> {
              if (weighed.error() == null) {
                light.run();
              } else {
                ended.accept(new Outcome.Answered(weighed.refused(), term.getAsLong()));
              }
            },
            failure -> ended.accept(new Outcome.Failed(failure))),
        true);
  }

  /** The error with which a command would be refused; null for none. */
  private record Weighed(long revision, @Nullable KvError error) {
    static Weighed of(StoreReader reader, Caller caller, Op op, StoreLimits limits) {
      KvError denied =
          op instanceof Command command
              ? Judge.command(reader.auth(), caller, command, reader.attachedKeys())
              : null;
      return new Weighed(reader.revision(), denied == null ? reader.refusal(op, limits) : denied);
    }

    Result refused() {
      return new Result.Refused(revision, Objects.requireNonNull(error, "it was refused"));
    }
  }

  /**
   * Calls {@code done} on a read lane when an index is applied here.
   *
   * @param nanosMax how long to wait
   */
  public void whenApplied(
      long index, long nanosMax, Runnable done, Consumer<Outcome.Failure> failed) {
    CallbackRead<Boolean> read =
        new CallbackRead<>(
            Read.Kind.POINT,
            host.clock().nanos() + nanosMax,
            AnswerRoom.UNBOUNDED,
            RequestBytes.LEAST,
            _ -> StoreReader.atOnce(() -> true),
            _ -> done.run(),
            failed);
    if (stopping) {
      read.refuse(Outcome.Failure.STOPPED);
    } else if (!open.hasRoomFor(read)) {
      read.refuse(Outcome.Failure.TOO_MANY_REQUESTS);
    } else {
      read.enter(open);
      reads.serveAt(index, read);
    }
  }

  /** Hashes this server's store; {@link #HASHES_MAX} at a time, without deadline once begun. */
  public void hashKv(
      long revision, AnswerRoom room, Consumer<HashKv> done, Consumer<Outcome.Failure> failed) {
    if (hashes.get() >= HASHES_MAX) {
      failed.accept(Outcome.Failure.TOO_MANY_REQUESTS);
      return;
    }
    add(new HashRead(revision, room, done, failed), false);
  }

  /** Answers when everything is applied here that any server acknowledged before the call. */
  public void barrier(Consumer<Outcome> done) {
    add(
        whole(
            Read.Kind.POINT,
            AnswerRoom.UNBOUNDED,
            RequestBytes.LEAST,
            _ -> StoreReader.atOnce(() -> new Result.Done(apply.facts().revision())),
            done),
        true);
  }

  OpenRead<Result> whole(
      Read.Kind kind,
      AnswerRoom room,
      long bytes,
      Function<StoreReader, Reading<Result>> begin,
      Consumer<Outcome> done) {
    return new CallbackRead<>(
        kind,
        deadline(),
        room,
        bytes,
        begin,
        answer -> done.accept(new Outcome.Answered(answer, term.getAsLong())),
        failure -> done.accept(new Outcome.Failed(failure)));
  }

  long deadline() {
    return host.clock().nanos() + timeoutNanos;
  }

  void add(OpenRead<?> read, boolean linearizable) {
    if (stopping) {
      read.refuse(Outcome.Failure.STOPPED);
    } else if (!open.hasRoomFor(read)) {
      read.refuse(Outcome.Failure.TOO_MANY_REQUESTS);
    } else if (linearizable) {
      read.enter(open);
      reads.add(read);
      wake.run();
    } else if (!AnswerRoom.UNBOUNDED.equals(read.room()) && apply.facts().applied() == 0) {
      // this server has not seen the cluster's log: an answer from an empty store would be wrong
      read.refuse(Outcome.Failure.NO_LEADER);
    } else {
      read.enter(open);
      reads.serveLocally(read);
    }
  }

  /** Goes to a lane of its own, so that its long step delays no scan. */
  private final class WeighingRead extends CallbackRead<Weighed> {
    WeighingRead(
        AnswerRoom room,
        long bytes,
        Function<StoreReader, Reading<Weighed>> begin,
        Consumer<Weighed> done,
        Consumer<Outcome.Failure> failed) {
      super(Kind.WEIGHING, deadline(), room, bytes, begin, done, failed);
    }
  }

  private final class CountRead extends CallbackRead<Result> {
    CountRead(Range range, AnswerRoom room, Consumer<Result.Range> counted) {
      super(
          Kind.SCAN,
          deadline(),
          room,
          RequestBytes.of(range),
          reader -> reader.range(range, room.bytesMax()),
          result -> {
            if (result instanceof Result.Range count) {
              counted.accept(count);
            }
          },
          _ -> {});
    }

    @Override
    boolean isLong() {
      return true;
    }
  }

  private final class HashRead extends CallbackRead<HashKv> {
    HashRead(
        long revision, AnswerRoom room, Consumer<HashKv> done, Consumer<Outcome.Failure> failed) {
      super(
          Kind.SCAN,
          deadline(),
          room,
          RequestBytes.LEAST,
          reader -> reader.hashKv(revision),
          done,
          failed);
    }

    @Override
    boolean isLong() {
      return true;
    }

    @Override
    void count(int more) {
      hashes.addAndGet(more);
    }
  }

  /** More is applied; on the apply lane. */
  public void applied() {
    reads.wakeLanes();
  }

  /** Takes no more reads. */
  public void stop() {
    stopping = true;
  }
}
