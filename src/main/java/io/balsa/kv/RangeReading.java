package io.balsa.kv;

/** Reads a range. */
final class RangeReading extends Reading<Result> {
  private final Range range;
  private final ViewKeyspace keys;
  private final Head head;
  private RangeScan scan;

  RangeReading(Range range, ViewKeyspace keys, Head head, Held held) {
    super(held);
    this.range = range;
    this.keys = keys;
    this.head = head;
    this.scan = new RangeScan(range, keys, head, held);
  }

  @Override
  boolean step() {
    return scan.step();
  }

  @Override
  void drop() {
    scan.drop();
  }

  @Override
  void restart() {
    scan = new RangeScan(range, keys, head, held());
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
