package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.model.KeyValue;

/**
 * The bytes of the store's history, and the quota. They are counted from the log and not from the
 * disk, so that all servers refuse and allow alike.
 *
 * @param superseded bytes of all versions that were ever superseded
 * @param compacted those of them that were superseded up to the compact revision
 * @param swept bytes of versions that tombstones after the compact revision ended; they are in
 *     neither of the two
 * @param quota the most bytes that may be used; 0 for no bound
 * @param full whether the store itself raised the alarm, so that it will clear it
 */
public record Space(long superseded, long compacted, long swept, long quota, boolean full) {
  /** About how many bytes a version takes beside its key and value. */
  public static final long VERSION_BYTES = 64;

  public static final Space NONE = new Space(0, 0, 0, 0, false);

  public static long bytesOf(KeyValue kv) {
    return VERSION_BYTES + kv.key().size() + kv.value().size();
  }

  /** Bytes of the versions that a read of the past can still see. */
  public long historyBytes() {
    return superseded - compacted + swept;
  }

  public Space withSuperseded(long bytes) {
    return new Space(bytes, compacted, swept, quota, full);
  }

  public Space withCompacted(long bytes) {
    return new Space(superseded, bytes, swept, quota, full);
  }

  public Space withSwept(long bytes) {
    return new Space(superseded, compacted, bytes, quota, full);
  }

  public Space withQuota(long bytes) {
    return new Space(superseded, compacted, swept, bytes, full);
  }

  public Space withFull(boolean raised) {
    return new Space(superseded, compacted, swept, quota, raised);
  }

  /** The same without a bound or an alarm. */
  public Space unlimited() {
    return new Space(superseded, compacted, swept, 0, false);
  }

  public Bytes encode() {
    return new ByteWriter(32)
        .varint(superseded)
        .varint(compacted)
        .varint(quota)
        .flag(full)
        .varint(swept)
        .done();
  }

  public static Space decode(Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    long superseded = in.varint();
    long compacted = in.varint();
    long quota = in.varint();
    boolean full = in.flag();
    return new Space(superseded, compacted, in.isAtEnd() ? 0 : in.varint(), quota, full);
  }
}
