package io.balsa.rows;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.model.KeyValue;
import io.balsa.model.Span;
import io.balsa.model.WriteId;

/**
 * A deletion that is too large for one entry. At a revision it deletes every older key of a span or
 * of a lease. All readers see the deletion at once. Later entries move its keys into the history
 * (sweep them), one piece each.
 *
 * @param revision the revision that it made; no other operation is in that revision
 * @param span the keys that it deletes; for a lease, a span that holds the keys attached to it
 * @param lease the lease that ended; 0 when it deletes a span
 * @param next the first key that is not swept; keys before it may have been put again since
 * @param write the client's name for the write; {@link WriteId#NONE} for none
 * @param history bytes of all versions superseded before it, as in {@link Change#history}
 * @param deleted how many keys are swept
 * @param swept the bytes of their versions
 */
public record Tombstone(
    long revision,
    Span span,
    long lease,
    Bytes next,
    WriteId write,
    long history,
    long deleted,
    long swept) {
  /** The record of a deletion after its last sweep. A compaction past its revision removes it. */
  public record Rest(long revision, long deleted, long swept) {
    public Bytes encode() {
      return new ByteWriter(20).varint(deleted).varint(swept).done();
    }

    public static Rest decode(long revision, Bytes row) {
      ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
      return new Rest(revision, in.varint(), in.varint());
    }
  }

  public static Tombstone ofSpan(long revision, Span span, WriteId write, long history) {
    WriteId name = new WriteId(write.client(), write.sequence());
    return new Tombstone(revision, span, 0, span.key(), name, history, 0, 0);
  }

  public static Tombstone ofLease(long revision, Span span, long lease, long history) {
    return new Tombstone(revision, span, lease, span.key(), WriteId.NONE, history, 0, 0);
  }

  public boolean isOfLease() {
    return lease != 0;
  }

  /** Whether it deletes a key, if no older one does. */
  public boolean covers(KeyValue kv) {
    return kv.modRevision() < revision
        && (isOfLease() ? kv.lease() == lease : span.contains(kv.key()));
  }

  /** Whether a key of a span may be among those that it deletes. */
  boolean touches(Span other) {
    return span.touches(other);
  }

  public Tombstone sweptUpTo(Bytes key) {
    return new Tombstone(revision, span, lease, key, write, history, deleted, swept);
  }

  public Tombstone withSwept(long keys, long bytes) {
    return new Tombstone(
        revision, span, lease, next, write, history, deleted + keys, swept + bytes);
  }

  public Rest rest() {
    return new Rest(revision, deleted, swept);
  }

  public Bytes encode() {
    return new ByteWriter(64 + span.key().size() + span.rangeEnd().size() + next.size())
        .bytes(span.key())
        .bytes(span.rangeEnd())
        .fixed64(lease)
        .bytes(next)
        .fixed64(write.client())
        .varint(write.sequence())
        .varint(history)
        .varint(deleted)
        .varint(swept)
        .done();
  }

  static Tombstone decode(long revision, Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    return new Tombstone(
        revision,
        new Span(in.bytes(), in.bytes()),
        in.fixed64(),
        in.bytes(),
        new WriteId(in.fixed64(), in.varint()),
        in.varint(),
        in.varint(),
        in.varint());
  }
}
