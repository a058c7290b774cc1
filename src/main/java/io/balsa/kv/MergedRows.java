package io.balsa.kv;

import io.balsa.bytes.Bytes;

/** Two rows in one order; where both have a key, the first one's counts. */
final class MergedRows implements Rows {
  private final Rows first;
  private final Rows second;
  private boolean firstStands;
  private boolean secondStands;
  private boolean onFirst;
  private boolean onSecond;

  MergedRows(Rows first, Rows second) {
    this.first = first;
    this.second = second;
    this.firstStands = first.next();
    this.secondStands = second.next();
  }

  @Override
  public boolean next() {
    if (onFirst) {
      firstStands = first.next();
    }
    if (onSecond) {
      secondStands = second.next();
    }
    int order =
        firstStands && secondStands
            ? first.key().compareTo(second.key())
            : Boolean.compare(secondStands, firstStands);
    onFirst = firstStands && order <= 0;
    onSecond = secondStands && order >= 0;
    return onFirst || onSecond;
  }

  @Override
  public Bytes key() {
    return onFirst ? first.key() : second.key();
  }

  @Override
  public KeyValue row() {
    return onFirst ? first.row() : second.row();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
