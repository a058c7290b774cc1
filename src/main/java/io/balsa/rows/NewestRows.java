package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import org.jspecify.annotations.Nullable;

/** The rows of the space of newest versions. */
final class NewestRows implements Rows {
  private final Walk walk;
  private final Octets octets;

  /** The key stood on, once it was asked for. */
  private @Nullable Bytes key;

  /** Made when first a row is looked at: counting needs none. */
  private @Nullable Head head;

  private boolean headRead;

  NewestRows(Walk walk, Octets octets) {
    this.walk = walk;
    this.octets = octets;
  }

  @Override
  public Step step() {
    key = null;
    headRead = false;
    return walk.next() ? Step.KEY : Step.END;
  }

  @Override
  public Bytes key() {
    Bytes known = key;
    if (known == null) {
      known = Layout.keyOfCurrent(walk.key());
      key = known;
    }
    return known;
  }

  private Head head() {
    Head read = head;
    if (read == null) {
      read = new Head(octets);
      head = read;
    }
    if (!headRead) {
      read.newest(walk.peek(read.octets()));
      headRead = true;
    }
    return read;
  }

  @Override
  public KeyValue bare() {
    return head().bare(key());
  }

  @Override
  public int valueSize() {
    return head().valueSize();
  }

  @Override
  public KeyValue row() {
    Head read = head();
    headRead = read.isThere();
    return read.isWhole() ? head().whole(key()) : read.of(key(), walk.value());
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public void close() {
    walk.close();
  }
}
