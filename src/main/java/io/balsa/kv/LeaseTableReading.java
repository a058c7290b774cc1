package io.balsa.kv;

import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.model.Lease;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import io.balsa.rows.ViewKeyspace;
import io.balsa.rows.Walk;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all leases for the leader. It has no bound, because the leader keeps them all in memory.
 */
final class LeaseTableReading extends Reading<LeaseTable> {
  private final ViewKeyspace keys;
  private final Walk walk;
  private final List<Lease> leases = new ArrayList<>();

  LeaseTableReading(ViewKeyspace keys) {
    super(AnswerBytes.unbounded());
    this.keys = keys;
    this.walk = LeaseRows.walk(keys.view());
  }

  @Override
  boolean step() {
    boolean there = walk.next();
    if (there) {
      leases.add(LeaseRows.decode(Layout.leaseOf(walk.key()), walk.value()));
    }
    return !there;
  }

  @Override
  void dropParts() {
    leases.clear();
  }

  @Override
  void reset() {
    throw new IllegalStateException("what has no bound does not begin again");
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public LeaseTable answer() {
    StoreState state = StoreState.read(keys.view());
    return state == null
        ? new LeaseTable(0, 0, List.of())
        : new LeaseTable(state.appliedIndex(), state.leaseClock(), leases);
  }
}
