package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import java.util.function.Predicate;

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
   * What changed from a revision on, a piece of it.
   *
   * @param from the first revision; at least 1
   * @param wanted the keys to look for; called on the reader's lane
   */
  public History history(long from, Predicate<Bytes> wanted) {
    return HistoryScan.read(keys, from, wanted);
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
