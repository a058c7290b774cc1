package io.balsa.kv;

import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import io.balsa.rows.ViewKeyspace;
import io.balsa.rows.Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads which leases there are. */
final class LeaseIdsReading extends Reading<Result> {
  /** What an id takes, here and in the answer. */
  private static final long ID_BYTES = 64;

  private final ViewKeyspace keys;
  private Walk walk;
  private final Predicate<Long> mayRead;
  private List<Long> ids = new ArrayList<>();
  private boolean denied;

  /**
   * @param mayRead whether the caller may read all keys of a lease; one that it may not read
   *     refuses the whole
   */
  LeaseIdsReading(ViewKeyspace keys, Predicate<Long> mayRead, AnswerBytes held) {
    super(held);
    this.keys = keys;
    this.mayRead = mayRead;
    this.walk = LeaseRows.walk(keys.view());
  }

  @Override
  boolean step() {
    boolean there = walk.next();
    if (!there) {
      return true;
    }
    long lease = Layout.leaseOf(walk.key());
    denied = !mayRead.test(lease);
    if (!denied && held().take(ID_BYTES)) {
      ids.add(lease);
    }
    return denied;
  }

  @Override
  void dropParts() {
    ids = new ArrayList<>();
  }

  @Override
  void reset() {
    walk.close();
    walk = LeaseRows.walk(keys.view());
    ids = new ArrayList<>();
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public Result answer() {
    return denied
        ? new Result.Refused(keys.revision(), KvError.PERMISSION_DENIED)
        : new Result.Leases(keys.revision(), ids);
  }
}
