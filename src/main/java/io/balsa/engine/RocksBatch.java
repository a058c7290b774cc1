package io.balsa.engine;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch.Change;

/**
 * RocksDB's own format of a batch, so that one native call passes all of it. It has a sequence
 * number of 8 bytes (set by RocksDB), the count in 4 bytes, then tag, length and bytes of each
 * change.
 */
final class RocksBatch {
  private static final int HEADER = 12;
  private static final int DELETE = 0x0;
  private static final int PUT = 0x1;
  private static final int DELETE_RANGE = 0xF;

  private final byte[] out;
  private int at = HEADER;

  private RocksBatch(int size) {
    out = new byte[size];
  }

  static byte[] encode(Batch batch) {
    RocksBatch encoder = new RocksBatch(size(batch));
    encoder.count(batch.changes().size());
    for (Change change : batch.changes()) {
      switch (change) {
        case Change.Put(Bytes key, Bytes value) -> encoder.tag(PUT).string(key).string(value);
        case Change.Delete(Bytes key) -> encoder.tag(DELETE).string(key);
        case Change.DeleteRange(Bytes from, Bytes to) ->
            encoder.tag(DELETE_RANGE).string(from).string(to);
      }
    }
    return encoder.out;
  }

  private static int size(Batch batch) {
    long size = HEADER;
    for (Change change : batch.changes()) {
      size +=
          switch (change) {
            case Change.Put(Bytes key, Bytes value) -> 1 + size(key) + size(value);
            case Change.Delete(Bytes key) -> 1 + size(key);
            case Change.DeleteRange(Bytes from, Bytes to) -> 1 + size(from) + size(to);
          };
    }
    return Math.toIntExact(size);
  }

  private static long size(Bytes string) {
    int bits = 32 - Integer.numberOfLeadingZeros(string.size() | 1);
    return (bits + 6) / 7 + (long) string.size();
  }

  private void count(int changes) {
    for (int i = 0; i < Integer.BYTES; i++) {
      out[HEADER - Integer.BYTES + i] = (byte) (changes >>> (8 * i));
    }
  }

  private RocksBatch tag(int tag) {
    out[at++] = (byte) tag;
    return this;
  }

  private RocksBatch string(Bytes string) {
    int length = string.size();
    while (length >= 0x80) {
      out[at++] = (byte) (length | 0x80);
      length >>>= 7;
    }
    out[at++] = (byte) length;
    string.copyTo(out, at);
    at += string.size();
    return this;
  }
}
