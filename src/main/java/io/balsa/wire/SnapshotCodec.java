package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.wire.SnapshotManifest.Blob;
import java.util.Optional;

/**
 * The head of a snapshot's bytes: a {@link FileHead} marked "BSNP" with the {@link
 * SnapshotManifest}. The head comes in parts like the rest of a snapshot, so it can be read while
 * it is not whole.
 */
public final class SnapshotCodec {
  private static final String WHAT = "snapshot head";

  /** With room for some ten thousand blobs. */
  private static final FileHead FRAMING = new FileHead(0x42534e50, 1, 1 << 20);

  private static final int NAME_CHARS = 200;

  private SnapshotCodec() {}

  /** The head of a snapshot of these blobs. */
  public static Bytes encodeHead(SnapshotManifest manifest) {
    int capacity = 64 * (1 + manifest.blobs().size());
    return FRAMING.encode(capacity, out -> out.list(manifest.blobs(), SnapshotCodec::write));
  }

  private static void write(ByteWriter out, Blob blob) {
    out.text(blob.name()).varint(blob.bytes()).varint(Integer.toUnsignedLong(blob.crc()));
  }

  /**
   * How many bytes are missing of a head of which the beginning is there.
   *
   * @throws WireFailure when it is not the beginning of a head
   */
  public static int missingOfHead(Bytes beginning) throws WireFailure {
    if (beginning.size() < FileHead.LENGTH_BYTES) {
      return FileHead.LENGTH_BYTES - beginning.size();
    }
    int here = beginning.size() - FileHead.LENGTH_BYTES;
    return FRAMING.restBytes(WHAT, beginning) - here;
  }

  /**
   * The manifest in a head; empty while the head is not whole.
   *
   * @throws WireFailure when the bytes are not a head or damaged
   */
  public static Optional<SnapshotManifest> decodeHead(Bytes head) throws WireFailure {
    if (missingOfHead(head) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        FRAMING.decode(WHAT, head.from(FileHead.LENGTH_BYTES), SnapshotCodec::readManifest));
  }

  private static SnapshotManifest readManifest(ByteReader<WireFailure> in) throws WireFailure {
    return new SnapshotManifest(in.list(SnapshotCodec::readBlob));
  }

  private static Blob readBlob(ByteReader<WireFailure> in) throws WireFailure {
    Blob blob = new Blob(in.text(), in.varint(), (int) in.varint());
    if (!isPlain(blob.name()) || blob.bytes() < 0) {
      throw in.failure("that names a blob \"" + blob.name() + "\"");
    }
    return blob;
  }

  /** Whether every file system takes the name, inside the directory; RocksDB's names are plain. */
  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_CHARS
        && name.charAt(0) != '.'
        && name.chars().allMatch(SnapshotCodec::isPlain);
  }

  private static boolean isPlain(int c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || c == '_' || c == '-' || c == '.';
  }
}
