package io.balsa.kv;

import io.balsa.auth.AttachedKeys;
import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.model.RequestRules;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Cost;
import io.balsa.rows.Head;
import io.balsa.rows.Octets;
import io.balsa.rows.ViewKeyspace;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one moment: every answer of a reader is of the same revision. A read that may take long
 * is a {@link Reading}, which the caller carries out in slices.
 */
public final class StoreReader {
  private final ViewKeyspace keys;

  /** Reads the heads of single rows, one after another. */
  private final Head head;

  private final AuthState auth;

  private StoreReader(ViewKeyspace keys, AuthState auth) {
    this.keys = keys;
    this.head = new Head(keys.octets());
    this.auth = auth;
  }

  /** Reads of the server itself in a view, which the caller closes after the last read. */
  public static StoreReader of(Engine.View view) {
    return of(view, AuthState.NONE);
  }

  /**
   * Reads of clients in a view, which the caller closes after the last read.
   *
   * @param auth {@link Store#auth}, asked for after the view was opened
   */
  public static StoreReader of(Engine.View view, AuthState auth) {
    return new StoreReader(StoreState.keyspace(view, new Octets()), auth);
  }

  /** Reads in another view, with the memory of this reader; one thread uses both. */
  public StoreReader in(Engine.View view, AuthState other) {
    return new StoreReader(StoreState.keyspace(view, keys.octets()), other);
  }

  /**
   * The users and roles of the moment, or of a later one: nothing that a reader shows is newer than
   * the permissions.
   */
  public AuthState auth() {
    return auth;
  }

  /** The revision of the moment. */
  public long revision() {
    return keys.revision();
  }

  /** {@link Result.Range}, or refused with COMPACTED or FUTURE_REVISION. */
  public Result range(Range range) {
    return whole(new RangeReading(range, keys, head, AnswerBytes.unbounded()));
  }

  /**
   * The same in slices.
   *
   * @param largest the most bytes that the answer may take
   */
  public Reading<Result> range(Range range, long largest) {
    return new RangeReading(range, keys, head, AnswerBytes.upTo(largest));
  }

  /**
   * A part of a range.
   *
   * @param range without order and filters; its limit bounds all parts that are still to come
   * @param keysMax the most keys
   * @param bytesMax the part ends with the key that reaches it
   * @param largest the most bytes that the answer may take
   */
  public Reading<RangePiece> piece(Range range, int keysMax, long bytesMax, long largest) {
    return new PieceReading(range, keys, keysMax, bytesMax, AnswerBytes.upTo(largest));
  }

  /**
   * {@link Result.Txn}, or refused with COMPACTED or FUTURE_REVISION.
   *
   * @param txn one that {@link RequestRules#onlyReads}
   */
  public Result txn(Command.Txn txn) {
    return whole(new TxnReading(checked(txn), keys, head, AnswerBytes.unbounded()));
  }

  /**
   * The same in slices.
   *
   * @param largest the most bytes that the answer may take
   */
  public Reading<Result> txn(Command.Txn txn, long largest) {
    return new TxnReading(checked(txn), keys, head, AnswerBytes.upTo(largest));
  }

  private static Command.Txn checked(Command.Txn txn) {
    Check.that(RequestRules.onlyReads(txn), "a transaction that changes something goes by the log");
    return txn;
  }

  /**
   * Why a transaction that changes keys, or a deletion, would be refused now for its cost; null
   * when it would not.
   */
  public @Nullable KvError refusal(Command.Op op, StoreLimits limits) {
    return switch (op) {
      case Command.Txn txn -> refusal(txn, limits);
      case Command.DeleteRange delete ->
          Extent.of(delete, keys, keys.tombstones(), limits).refusal();
      case Command.Put _, Range _ -> null;
    };
  }

  private @Nullable KvError refusal(Command.Txn txn, StoreLimits limits) {
    Trial trial = new Trial(keys, new Cost(limits), Keeping.none());
    Branch branch = trial.choose(txn);
    if (trial.refusal(branch) == null) {
      trial.run(branch);
    }
    return trial.tooMuch();
  }

  /** The leases and the lease clock as stored, with the applied index. */
  public Reading<LeaseTable> leaseTable() {
    return new LeaseTableReading(keys);
  }

  /**
   * Which leases there are: {@link Result.Leases}.
   *
   * @param largest the most bytes that the answer may take
   */
  public Reading<Result> leases(Caller caller, long largest) {
    Predicate<Long> mayRead = lease -> Judge.leaseRead(auth, caller, lease, attachedKeys()) == null;
    KvError unknown = Judge.loggedIn(auth, caller);
    return unknown == null
        ? new LeaseIdsReading(keys, mayRead, AnswerBytes.upTo(largest))
        : atOnce(() -> new Result.Refused(revision(), unknown));
  }

  /**
   * The keys attached to a lease.
   *
   * @param keys in their order; none when there is no such lease
   * @param denied why the caller may not see them; null when it may
   */
  public record LeaseKeys(List<Bytes> keys, @Nullable KvError denied) {}

  /**
   * Reads the keys attached to a lease.
   *
   * @param largest the most bytes that the answer may take
   */
  public Reading<LeaseKeys> attached(Caller caller, long lease, long largest) {
    KvError denied = Judge.leaseRead(auth, caller, lease, attachedKeys());
    return denied == null
        ? new AttachedReading(lease, keys, AnswerBytes.upTo(largest))
        : atOnce(() -> new LeaseKeys(List.of(), denied));
  }

  /** The keys attached to leases, for one judgement. */
  public AttachedKeys attachedKeys() {
    return Store.attached(keys.view());
  }

  /**
   * All leases at one moment.
   *
   * @param index the applied index of the moment
   * @param clock the lease clock, in milliseconds
   */
  public record LeaseTable(long index, long clock, List<Lease> leases) {}

  /** The keys and their history, as they are in the ordered store. */
  public ViewKeyspace keys() {
    return keys;
  }

  /**
   * The hash of the keys and their history; reads all of them. At the revisions of the last ten
   * compactions it is kept, as it was before.
   *
   * @param revision up to which; 0 for the newest; below, as in etcd, nothing is hashed
   */
  public Reading<HashKv> hashKv(long revision) {
    KeptHashes.Kept kept = KeptHashes.at(revision, keys.view());
    return kept == null
        ? new HashReading(keys, revision)
        : atOnce(
            () ->
                new HashKv(
                    new Result.Done(keys.revision()),
                    kept.hash(),
                    revision,
                    kept.compactRevision()));
  }

  /** A read that is answered in one step. */
  public static <T> Reading<T> atOnce(Supplier<T> answer) {
    return new OneStepReading<>(answer);
  }

  /** Carries out a reading without a bound to its end. */
  static <T> T whole(Reading<T> reading) {
    while (reading.advance(Integer.MAX_VALUE) != Reading.State.DONE) {
      Check.that(reading.steps() > 0, "a reading goes on");
    }
    return reading.answer();
  }
}
