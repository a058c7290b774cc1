package io.balsa.wire;

import io.balsa.bytes.Bytes;
import io.balsa.wire.SnapshotManifest.Blob;
import java.util.Optional;

/**
 * The head of a snapshot's bytes: eight bytes that tell its length, then the version, the {@link
 * SnapshotManifest} and the CRC32C of both. The head comes in parts like everything else of a
 * snapshot, so it can be read while it is not whole.
 */
public final class SnapshotCodec {
  private static final int VERSION = 1;
  private static final int LENGTH_BYTES = Long.BYTES;

  /** "BSNP" in the upper half of the length, so that other bytes are known at once. */
  private static final long MAGIC = 0x42534e50L << 32;

  /** The largest head: some ten thousand blobs. */
  private static final int HEAD_BYTES_MAX = 1 << 20;

  private SnapshotCodec() {}

  /** The head of a snapshot of these blobs. */
  public static Bytes encodeHead(SnapshotManifest manifest) {
    Writer body = new Writer(64 * (1 + manifest.blobs().size()));
    body.u8(VERSION);
    body.list(manifest.blobs(), SnapshotCodec::write);
    body.checksum();
    Bytes rest = body.bytes();
    Writer head = new Writer(LENGTH_BYTES);
    head.fixed64(MAGIC | rest.size());
    return head.bytes().concat(rest);
  }

  private static void write(Writer out, Blob blob) {
    out.text(blob.name());
    out.varint(blob.bytes());
    out.varint(Integer.toUnsignedLong(blob.crc()));
  }

  /**
   * How many bytes are missing of a head of which the beginning is there.
   *
   * @throws WireFailure when it is not the beginning of a head
   */
  public static int missingOfHead(Bytes beginning) throws WireFailure {
    if (beginning.size() < LENGTH_BYTES) {
      return LENGTH_BYTES - beginning.size();
    }
    Reader in = Reader.of("snapshot head", beginning);
    long length = in.fixed64() ^ MAGIC;
    if (length < 0 || length > HEAD_BYTES_MAX) {
      throw in.failure("without its mark");
    }
    return (int) length - (beginning.size() - LENGTH_BYTES);
  }

  /**
   * The manifest in a head, once the head is whole.
   *
   * @throws WireFailure when the bytes are not a head or damaged
   */
  public static Optional<SnapshotManifest> decodeHead(Bytes head) throws WireFailure {
    if (head.size() < LENGTH_BYTES || missingOfHead(head) > 0) {
      return Optional.empty();
    }
    Reader in = Reader.checked("snapshot head", head.from(LENGTH_BYTES));
    in.version(VERSION);
    SnapshotManifest manifest = new SnapshotManifest(in.list(SnapshotCodec::readBlob));
    in.end();
    return Optional.of(manifest);
  }

  private static Blob readBlob(Reader in) throws WireFailure {
    Blob blob = new Blob(in.text(), in.varint(), (int) in.varint());
    boolean plain = !blob.name().isEmpty() && !blob.name().contains("/") && blob.bytes() >= 0;
    if (!plain || blob.name().startsWith(".")) {
      throw in.failure("that names a blob \"" + blob.name() + "\"");
    }
    return blob;
  }
}
