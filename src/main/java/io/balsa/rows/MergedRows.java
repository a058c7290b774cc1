package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;

/** Two rows in one order; where both have a key, the first one's counts. */
public final class MergedRows implements Rows {
  private final Rows first;
  private final Rows second;

  /** What the last step of each gave; NOTHING when it has to take the next step. */
  private Step firstAt = Step.NOTHING;

  private Step secondAt = Step.NOTHING;
  private boolean onFirst;
  private boolean onSecond;

  public MergedRows(Rows first, Rows second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public Step step() {
    leave();
    if (firstAt == Step.NOTHING) {
      firstAt = first.step();
    } else if (secondAt == Step.NOTHING) {
      secondAt = second.step();
    }
    return firstAt == Step.NOTHING || secondAt == Step.NOTHING ? Step.NOTHING : choose();
  }

  private void leave() {
    if (onFirst) {
      firstAt = Step.NOTHING;
    }
    if (onSecond) {
      secondAt = Step.NOTHING;
    }
    onFirst = false;
    onSecond = false;
  }

  private Step choose() {
    boolean firstStands = firstAt == Step.KEY;
    boolean secondStands = secondAt == Step.KEY;
    int order =
        firstStands && secondStands
            ? first.key().compareTo(second.key())
            : Boolean.compare(secondStands, firstStands);
    onFirst = firstStands && order <= 0;
    onSecond = secondStands && order >= 0;
    return onFirst || onSecond ? Step.KEY : Step.END;
  }

  private Rows current() {
    return onFirst ? first : second;
  }

  @Override
  public Bytes key() {
    return current().key();
  }

  @Override
  public KeyValue bare() {
    return current().bare();
  }

  @Override
  public int valueSize() {
    return current().valueSize();
  }

  @Override
  public KeyValue row() {
    return current().row();
  }

  @Override
  public void pause() {
    first.pause();
    second.pause();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
