package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those of other rows for which a condition holds. */
final class FilteredRows implements Rows {
  private final Rows rows;
  private final Predicate<KeyValue> condition;
  private @Nullable KeyValue row;

  FilteredRows(Rows rows, Predicate<KeyValue> condition) {
    this.rows = rows;
    this.condition = condition;
  }

  @Override
  public boolean next() {
    while (rows.next()) {
      KeyValue found = rows.row();
      if (condition.test(found)) {
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
