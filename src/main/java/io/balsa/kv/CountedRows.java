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
  public boolean next() {
    while (!cost.isOver() && rows.next()) {
      KeyValue found = rows.row();
      cost.visit(found);
      if (isThere.test(found)) {
        row = found;
        return true;
      }
    }
    return false;
  }

  @Override
  public Bytes key() {
    return row().key();
  }

  @Override
  public KeyValue row() {
    return Objects.requireNonNull(row, "rows are read where they stand");
  }

  @Override
  public void close() {
    rows.close();
  }
}
