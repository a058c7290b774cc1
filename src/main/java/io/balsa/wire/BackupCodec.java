package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;

/** The bytes of a {@link BackupHead}: a {@link FileHead} marked "BBAK". */
public final class BackupCodec {
  /** The bytes that say how long the head is. */
  public static final int LENGTH_BYTES = FileHead.LENGTH_BYTES;

  private static final FileHead FRAMING = new FileHead(0x4242414b, 1, 1 << 10);

  private BackupCodec() {}

  /** The bytes of a head. */
  public static Bytes encode(BackupHead head) {
    return FRAMING.encode(128, out -> write(out, head));
  }

  private static void write(ByteWriter out, BackupHead head) {
    out.fixed64(head.clusterId())
        .fixed64(head.member())
        .varint(head.index())
        .varint(head.term())
        .varint(head.revision())
        .varint(head.compactRevision() + 1)
        .varint(head.keys())
        .fixed64(head.hash())
        .varint(head.stateBytes());
  }

  /**
   * The length of the rest of a head.
   *
   * @param beginning the first {@link #LENGTH_BYTES}
   * @throws WireFailure when no head begins so
   */
  public static int restBytes(Bytes beginning) throws WireFailure {
    return FRAMING.restBytes("backup", beginning);
  }

  /**
   * The head in its rest.
   *
   * @throws WireFailure when the bytes are damaged or of another version
   */
  public static BackupHead decode(Bytes rest) throws WireFailure {
    return FRAMING.decode("backup head", rest, BackupCodec::read);
  }

  private static BackupHead read(ByteReader<WireFailure> in) throws WireFailure {
    return new BackupHead(
        in.fixed64(),
        in.fixed64(),
        in.varint(),
        in.varint(),
        in.varint(),
        in.varint() - 1,
        in.varint(),
        in.fixed64(),
        in.varint());
  }
}
