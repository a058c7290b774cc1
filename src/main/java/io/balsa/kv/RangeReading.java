package io.balsa.kv;

import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Head;
import io.balsa.rows.ViewKeyspace;

/** Reads a range. */
final class RangeReading extends Reading<Result> {
  private RangeScan scan;

  RangeReading(Range range, ViewKeyspace keys, Head head, AnswerBytes held) {
    super(held);
    this.scan = new RangeScan(range, keys, head, held);
  }

  @Override
  boolean step() {
    return scan.step();
  }

  @Override
  void dropParts() {
    scan.drop();
  }

  @Override
  void reset() {
    scan = scan.fromTheBeginning();
  }

  @Override
  public void pause() {
    scan.pause();
  }

  @Override
  public Result answer() {
    return scan.answer();
  }
}
