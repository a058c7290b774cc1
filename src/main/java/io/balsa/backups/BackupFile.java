package io.balsa.backups;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import io.balsa.host.DiskFile;
import io.balsa.wire.BackupCodec;
import io.balsa.wire.BackupHead;
import io.balsa.wire.WireFailure;
import java.io.IOException;
import java.security.MessageDigest;

/**
 * A backup in a file, whose digest was found right.
 *
 * @param digest its SHA-256, the last 32 bytes of the file
 */
public record BackupFile(DiskFile file, BackupHead head, long stateAt, Bytes digest) {
  private static final int READ_BYTES = 1 << 20;

  /**
   * Reads a whole file and checks it. The caller closes the file.
   *
   * @throws BackupDamaged when it is not a backup as it was made
   */
  public static BackupFile check(DiskFile file) throws IOException, BackupDamaged {
    long whole = file.size() - Sha256.DIGEST_BYTES;
    if (whole < Backup.UNIT_BYTES || whole % Backup.UNIT_BYTES != 0) {
      throw new BackupDamaged(
          "it has %d bytes, which no whole backup has: it was cut off or is none"
              .formatted(file.size()));
    }
    try {
      int rest = BackupCodec.restBytes(file.readExactly(0, BackupCodec.LENGTH_BYTES));
      Bytes digest = file.readExactly(whole, Sha256.DIGEST_BYTES);
      if (!digest.equals(digestOf(file, whole))) {
        throw new BackupDamaged("its bytes do not have the digest at its end: it is damaged");
      }
      BackupHead head = BackupCodec.decode(file.readExactly(BackupCodec.LENGTH_BYTES, rest));
      long stateAt = (long) BackupCodec.LENGTH_BYTES + rest;
      if (Backup.paddedBytes(stateAt + head.stateBytes()) != whole) {
        throw new BackupDamaged("its length is not what it says itself");
      }
      return new BackupFile(file, head, stateAt, digest);
    } catch (WireFailure e) {
      throw new BackupDamaged("it is not a backup of this program: " + e.getMessage());
    }
  }

  private static Bytes digestOf(DiskFile file, long length) throws IOException {
    MessageDigest digest = Sha256.begin();
    for (long at = 0; at < length; at += READ_BYTES) {
      digest.update(file.readExactly(at, (int) Math.min(READ_BYTES, length - at)).buffer());
    }
    return Bytes.wrap(digest.digest());
  }

  /** Some bytes of the state, from an offset in it on; empty behind its end. */
  public Bytes state(long offset) throws IOException {
    return file.readExactly(
        stateAt + offset, Math.clamp(head.stateBytes() - offset, 0, READ_BYTES));
  }
}
