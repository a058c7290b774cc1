package io.balsa.kv;

import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import io.balsa.rows.ViewKeyspace;
import io.balsa.rows.Walk;
import java.util.ArrayList;
import java.util.List;

/** Reads which leases there are. */
final class LeaseIdsReading extends Reading<Result> {
  /** What an id takes, here and in the answer. */
  private static final long ID_BYTES = 64;

  private final ViewKeyspace keys;
  private Walk walk;
  private List<Long> ids = new ArrayList<>();

  LeaseIdsReading(ViewKeyspace keys, AnswerBytes held) {
    super(held);
    this.keys = keys;
    this.walk = LeaseRows.walk(keys.view());
  }

  @Override
  boolean step() {
    boolean there = walk.next();
    if (there && held().take(ID_BYTES)) {
      ids.add(Layout.leaseOf(walk.key()));
    }
    return !there;
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
    return new Result.Leases(keys.revision(), ids);
  }
}
