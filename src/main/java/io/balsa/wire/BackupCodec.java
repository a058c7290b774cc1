package io.balsa.wire;

import io.balsa.bytes.Bytes;

/**
 * The bytes of a {@link BackupHead}: eight of a mark and the length of the rest, then a version,
 * the fields and the CRC32C of both.
 */
public final class BackupCodec {
  /** The bytes that tell how long the head is. */
  public static final int LENGTH_BYTES = Long.BYTES;

  /** "BBAK" in the upper half of the length, so that other files are known at once. */
  private static final long MAGIC = 0x4242414bL << 32;

  private static final int VERSION = 1;
  private static final int REST_BYTES_MAX = 1 << 10;

  private BackupCodec() {}

  /** The bytes that stand for a head. */
  public static Bytes encode(BackupHead head) {
    Writer body = new Writer(128);
    body.u8(VERSION);
    body.fixed64(head.clusterId());
    body.fixed64(head.member());
    body.varint(head.index());
    body.varint(head.term());
    body.varint(head.revision());
    body.varint(head.compactRevision() + 1);
    body.varint(head.keys());
    body.fixed64(head.hash());
    body.varint(head.stateBytes());
    body.checksum();
    Bytes rest = body.bytes();
    Writer length = new Writer(LENGTH_BYTES);
    length.fixed64(MAGIC | rest.size());
    return length.bytes().concat(rest);
  }

  /**
   * The length of the rest of a head.
   *
   * @param beginning the first {@link #LENGTH_BYTES}
   * @throws WireFailure when no head begins so
   */
  public static int restBytes(Bytes beginning) throws WireFailure {
    Reader in = Reader.of("backup", beginning);
    long length = in.fixed64() ^ MAGIC;
    if (length < 0 || length > REST_BYTES_MAX) {
      throw in.failure("without its mark");
    }
    return (int) length;
  }

  /**
   * The head in its rest.
   *
   * @throws WireFailure when the bytes are damaged or of another version
   */
  public static BackupHead decode(Bytes rest) throws WireFailure {
    Reader in = Reader.checked("backup head", rest);
    in.version(VERSION);
    BackupHead head =
        new BackupHead(
            in.fixed64(),
            in.fixed64(),
            in.varint(),
            in.varint(),
            in.varint(),
            in.varint() - 1,
            in.varint(),
            in.fixed64(),
            in.varint());
    in.end();
    return head;
  }
}
