package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads of one moment: every answer of a reader is of the same revision. */
public final class Reader {
  private final ViewKeyspace keys;

  private Reader(ViewKeyspace keys) {
    this.keys = keys;
  }

  /** Reads in a view, which the caller closes after the last read. */
  public static Reader of(Engine.View view) {
    return new Reader(StoreState.keyspace(view));
  }

  /** The revision of the moment. */
  public long revision() {
    return keys.revision();
  }

  /** {@link Result.Range}, or refused with COMPACTED or FUTURE_REVISION. */
  public Result range(Range range) {
    return Ranges.read(range, keys);
  }

  /**
   * A part of a range.
   *
   * @param range without order and filters; its limit bounds all parts that are still to come
   * @param keysMax the most keys
   * @param bytesMax the part ends with the key that reaches it
   */
  public RangePiece piece(Range range, int keysMax, long bytesMax) {
    return RangePiece.read(range, keys, keysMax, bytesMax);
  }

  /**
   * {@link Result.Txn}, or refused with COMPACTED or FUTURE_REVISION.
   *
   * @param txn one that {@link Requests#onlyReads}
   */
  public Result txn(Command.Txn txn) {
    Check.that(Requests.onlyReads(txn), "a transaction that changes something goes by the log");
    Branch branch = Branch.choose(txn, keys);
    KvError error = branch.refusal(keys);
    return error == null
        ? Operations.read(branch, keys)
        : new Result.Refused(keys.revision(), error);
  }

  /**
   * Why a transaction that changes something would be refused here and now for what it costs; null
   * when it would not.
   */
  public @Nullable KvError refusal(Command.Txn txn, StoreLimits limits) {
    Trial trial = new Trial(keys, new Cost(limits), Keeping.none());
    Branch branch = trial.choose(txn);
    if (trial.refusal(branch) == null) {
      trial.run(branch);
    }
    return trial.tooMuch();
  }

  /** The leases and the time as they are written down, and where in the log that was. */
  public LeaseTable leaseTable() {
    StoreState state = StoreState.read(keys.view());
    return state == null
        ? new LeaseTable(0, 0, List.of())
        : new LeaseTable(state.appliedIndex(), state.leaseClock(), LeaseRows.all(keys.view()));
  }

  /** Which leases there are. */
  public Result.Leases leases() {
    return new Result.Leases(
        keys.revision(), LeaseRows.all(keys.view()).stream().map(Lease::id).toList());
  }

  /** The keys that hang on a lease, in their order; none when there is no such lease. */
  public List<Bytes> attached(long lease) {
    return LeaseRows.attached(keys, lease);
  }

  /**
   * All leases at one moment.
   *
   * @param index the applied index of the moment
   * @param clock the lease clock, in milliseconds
   */
  public record LeaseTable(long index, long clock, List<Lease> leases) {}

  /** What happened in the past; with what was there before, if that is wanted. */
  PastEvents past(boolean previous) {
    return new PastEvents(keys, previous);
  }

  /**
   * The hash of the keys and their history; reads all of them.
   *
   * @param revision up to which; 0 for the newest
   */
  public HashKv hashKv(long revision) {
    return HashKv.of(keys.view(), revision);
  }
}
