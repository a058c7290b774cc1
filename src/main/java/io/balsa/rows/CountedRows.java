package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import java.util.function.Predicate;

/**
 * Rows that count for the cost of a transaction. It shows those that are not deleted, and ends when
 * the cost exceeds its bound.
 */
public final class CountedRows implements Rows {
  private final Rows rows;
  private final Cost cost;
  private final Predicate<KeyValue> isThere;

  /**
   * The rows of a span.
   *
   * @param isThere does not look at values
   */
  public CountedRows(Rows rows, Cost cost, Predicate<KeyValue> isThere) {
    this.rows = rows;
    this.cost = cost;
    this.isThere = isThere;
  }

  @Override
  public Step step() {
    Step step = cost.isOver() ? Step.END : rows.step();
    if (step != Step.KEY) {
      return step;
    }
    cost.visit(rows);
    return isThere.test(rows.bare()) ? Step.KEY : Step.NOTHING;
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
