package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.engine.Engine;
import io.balsa.rows.Layout;

/**
 * Which of one client's writes are remembered: the newest {@link ProtocolLimits#WRITE_WINDOW}, each
 * at the place of its sequence on a ring. The results themselves are in the store.
 */
final class ClientRing {
  private final long[] sequences = new long[ProtocolLimits.WRITE_WINDOW];
  private final int[] sizes = new int[ProtocolLimits.WRITE_WINDOW];
  private long highest;
  private long bytes;

  /** The ring of a client, from the store. */
  static ClientRing read(Engine.View view, long client) {
    ClientRing ring = new ClientRing();
    try (Engine.Cursor rows =
        view.scan(
            Layout.remembered(client, 0), Layout.remembered(client, ProtocolLimits.WRITE_WINDOW))) {
      while (rows.next()) {
        Bytes row = rows.value();
        ring.add(ByteReader.ofRow(row).varint(), row.size());
      }
    }
    return ring;
  }

  static int place(long sequence) {
    return (int) (sequence % ProtocolLimits.WRITE_WINDOW);
  }

  /** Whether a write of this sequence is too old to be remembered. */
  boolean isPast(long sequence) {
    return highest - sequence >= ProtocolLimits.WRITE_WINDOW;
  }

  boolean contains(long sequence) {
    return sequences[place(sequence)] == sequence;
  }

  void add(long sequence, int size) {
    int place = place(sequence);
    bytes += size - sizes[place];
    sequences[place] = sequence;
    sizes[place] = size;
    highest = Math.max(highest, sequence);
  }

  /** Whether a write is at a place. */
  boolean isTaken(int place) {
    return sequences[place] != 0;
  }

  /** The bytes of its rows. */
  long bytes() {
    return bytes;
  }
}
