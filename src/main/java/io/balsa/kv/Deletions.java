package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Result;
import io.balsa.model.Span;
import io.balsa.model.WriteId;
import io.balsa.rows.Layout;
import io.balsa.rows.Tombstone;
import java.util.List;
import java.util.function.Supplier;

/**
 * Deletions of any size. A small one is carried out at once. A large one makes a {@link Tombstone},
 * which later entries sweep. No entry costs more than a bound, and other writes go between.
 */
final class Deletions {
  private final Draft draft;

  Deletions(Draft draft) {
    this.draft = draft;
  }

  /**
   * Deletes a span.
   *
   * @param write the client's name for the write
   */
  Result deleteRange(Command.DeleteRange delete, WriteId write) {
    Span span = new Span(delete.key(), delete.rangeEnd());
    Extent extent = Extent.of(delete, draft.keyspace(), draft.tombstones(), draft.limits());
    return carryOut(
        extent,
        () -> atOnce(extent.found(), delete.prevKv()),
        () -> Tombstone.ofSpan(draft.revision() + 1, span, write, draft.space().superseded()));
  }

  private Result atOnce(List<KeyValue> found, boolean answered) {
    found.forEach(draft::delete);
    return new Result.DeleteRange(draft.revision(), found.size(), answered ? found : List.of());
  }

  /** Deletes the stored keys attached to a lease, in their order, and the lease. */
  Result revoke(Lease lease) {
    Extent extent = extentOf(lease);
    Result result =
        carryOut(
            extent,
            () -> {
              extent.found().forEach(draft::delete);
              return new Result.Done(draft.revision());
            },
            () -> tombstoneOf(lease.id()));
    if (!(result instanceof Result.Refused)) {
      draft.removeLease(lease.id());
    }
    return result;
  }

  /** The span of a lease's keys goes from the first of them to the last. */
  private Tombstone tombstoneOf(long lease) {
    Bytes start = Layout.attached(lease, Bytes.EMPTY);
    Bytes end = Layout.attachedEnd(lease);
    try (Engine.Cursor up = draft.view().scan(start, end);
        Engine.Cursor down = draft.view().scanDown(start, end)) {
      Check.that(up.next() && down.next(), "keys hang on a lease that is large");
      Bytes first = Layout.keyOfAttached(up.key());
      Span span = new Span(first, Layout.keyOfAttached(down.key()).next());
      return Tombstone.ofLease(draft.revision() + 1, span, lease, draft.space().superseded());
    }
  }

  private Extent extentOf(Lease lease) {
    Extent extent = new Extent(draft.limits(), draft.tombstones(), false);
    Bytes start = Layout.attached(lease.id(), Bytes.EMPTY);
    try (Engine.Cursor rows = draft.view().scan(start, Layout.attachedEnd(lease.id()))) {
      boolean more = true;
      while (more && rows.next()) {
        more = extent.take(draft.attached(Layout.keyOfAttached(rows.key())));
      }
    }
    return extent;
  }

  private Result carryOut(Extent extent, Supplier<Result> atOnce, Supplier<Tombstone> large) {
    KvError error = extent.refusal();
    if (error != null) {
      return refused(error);
    }
    return extent.decided() == Extent.Verdict.LARGE ? bury(large) : atOnce.get();
  }

  private Result bury(Supplier<Tombstone> tombstone) {
    draft.bury(tombstone.get());
    return new Result.UnderWay(draft.revision());
  }

  private Result refused(KvError error) {
    return new Result.Refused(draft.revision(), error);
  }

  /**
   * Sweeps the next piece of a large deletion, if it is the oldest. Only stored keys are swept.
   *
   * @param revision the revision that it made
   */
  Result sweep(long revision) {
    Tombstone oldest = draft.tombstones().get(revision);
    if (oldest == null || draft.tombstones().oldest() != revision) {
      return new Result.Done(draft.revision());
    }
    Sweep sweep = new Sweep(draft, oldest);
    boolean over = sweep.sweepPiece();
    return new Result.Swept(draft.revision(), revision, over, sweep.tombstone().deleted());
  }
}
