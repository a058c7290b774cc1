package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import java.util.Arrays;

/**
 * The part of a stored version before its value: its numbers, and the size of the value. One object
 * serves one row after another.
 */
public final class Head {
  private final Octets octets;
  private int size;
  private int at;
  private long end;
  private long createRevision;
  private long modRevision;
  private long version;
  private long lease;

  /** Reads rows into memory that others use as well. */
  public Head(Octets octets) {
    this.octets = octets;
  }

  /** Where the first bytes of a row are to be copied to. */
  public byte[] octets() {
    return octets.of(this);
  }

  /** Reads the head of a newest version, whose first bytes were copied. */
  public Head newest(int rowSize) {
    size = rowSize;
    at = 0;
    numbers(octets.of(this));
    return this;
  }

  /** Reads the head of a superseded version, whose first bytes were copied. */
  Head superseded(int rowSize) {
    size = rowSize;
    at = 0;
    end = number(octets.of(this));
    numbers(octets.of(this));
    return this;
  }

  private void numbers(byte[] row) {
    createRevision = number(row);
    modRevision = createRevision + number(row);
    version = number(row);
    lease = number(row);
  }

  private long number(byte[] row) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      Check.that(shift < 70, "a stored number has 10 bytes at most");
      Check.that(at < size, "a row has all its numbers");
      byte octet = row[at++];
      value |= (octet & 0x7fL) << shift;
      if (octet >= 0) {
        return value;
      }
    }
  }

  long modRevision() {
    return modRevision;
  }

  /** Whether a read at a revision sees this superseded version. */
  boolean aliveAt(long revision) {
    return modRevision <= revision && revision < end;
  }

  /** The revision from which on a superseded version is not there any more. */
  long end() {
    return end;
  }

  int valueSize() {
    return size - at;
  }

  /** Whether the value is so small that it was read as well. */
  boolean isWhole() {
    return Octets.fits(size);
  }

  /** Whether the bytes read are still there: no other row was read into the same memory since. */
  boolean isThere() {
    return octets.isOf(this);
  }

  /** The version without its value. */
  KeyValue bare(Bytes key) {
    return with(key, Bytes.EMPTY);
  }

  /** The version, when its value was read as well. */
  KeyValue whole(Bytes key) {
    Check.that(isWhole() && isThere(), "a value was read whole");
    return with(key, Bytes.wrap(Arrays.copyOfRange(octets.of(this), at, size)));
  }

  /** The version, with its value when that was read as well. */
  public Seen seen(Bytes key) {
    return new Seen(isWhole() ? whole(key) : bare(key), valueSize());
  }

  /** The version with the value from its row. */
  KeyValue of(Bytes key, Bytes row) {
    return with(key, row.from(at));
  }

  private KeyValue with(Bytes key, Bytes value) {
    return new KeyValue(key, value, createRevision, modRevision, version, lease);
  }
}
