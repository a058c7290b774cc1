package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a transaction pays for, of which those are shown that are there; they end when it costs
 * too much.
 */
final class CountedRows implements Rows {
  private final Rows rows;
  private final Cost cost;
  private final Predicate<KeyValue> isThere;
  private @Nullable KeyValue row;

  CountedRows(Rows rows, Cost cost, Predicate<KeyValue> isThere) {
    this.rows = rows;
    this.cost = cost;
    this.isThere = isThere;
  }

  @Override
  public Step step() {
    row = null;
    Step step = cost.isOver() ? Step.END : rows.step();
    if (step != Step.KEY) {
      return step;
    }
    KeyValue found = rows.row();
    cost.visit(found);
    row = isThere.test(found) ? found : null;
    return row == null ? Step.NOTHING : Step.KEY;
  }

  @Override
  public Bytes key() {
    return row().key();
  }

  @Override
  public KeyValue bare() {
    return row();
  }

  @Override
  public int valueSize() {
    return row().value().size();
  }

  @Override
  public KeyValue row() {
    return Objects.requireNonNull(row, "rows are read where they stand");
  }

  @Override
  public void pause() {
    rows.pause();
  }

  @Override
  public void close() {
    rows.close();
  }
}
