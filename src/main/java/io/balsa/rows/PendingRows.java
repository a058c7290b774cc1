package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Versions that are not stored yet, those of deleted keys too. */
public final class PendingRows implements Rows {
  private final Iterator<KeyValue> rows;
  private @Nullable KeyValue row;

  public PendingRows(Iterator<KeyValue> rows) {
    this.rows = rows;
  }

  @Override
  public Step step() {
    row = rows.hasNext() ? rows.next() : null;
    return row == null ? Step.END : Step.KEY;
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
  public void pause() {}

  @Override
  public void close() {}
}
