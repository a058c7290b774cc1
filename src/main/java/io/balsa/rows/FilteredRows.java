package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import java.util.function.Predicate;

/** Those of other rows for which a condition holds. */
record FilteredRows(Rows rows, Predicate<KeyValue> condition) implements Rows {
  @Override
  public Step step() {
    Step step = rows.step();
    return step == Step.KEY && !condition.test(rows.bare()) ? Step.NOTHING : step;
  }

  @Override
  public Bytes key() {
    return rows.key();
  }

  @Override
  public KeyValue bare() {
    return rows.bare();
  }

  @Override
  public int valueSize() {
    return rows.valueSize();
  }

  @Override
  public KeyValue row() {
    return rows.row();
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
