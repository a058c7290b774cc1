package io.balsa.node.storage;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;

/**
 * The backup from which a data directory was restored, if it was. A restored cluster has an id of
 * its own. So its servers and those of the old cluster refuse each other, though they may have the
 * same names and addresses.
 */
public final class Origin {
  /** This file exists while a restore is under way: the rest of the directory is not whole. */
  private static final String UNDER_WAY = "restoring";

  private static final String FILE = "origin";

  private final Disk disk;

  public Origin(Disk disk) {
    this.disk = disk;
  }

  /** Whether a restore was cut off here. */
  public boolean isUnderWay() {
    return disk.exists(UNDER_WAY);
  }

  /** Whether the directory was restored. */
  public boolean isThere() {
    return disk.exists(FILE);
  }

  /** Deletes what a restore that was cut off left here. */
  public void startOver() throws IOException {
    disk.delete(StateDirectory.ROOT);
    disk.delete(FILE);
    disk.forceDirectory("");
    disk.delete(UNDER_WAY);
  }

  /** Notes durably that a restore begins. */
  public void begin() throws IOException {
    disk.create(UNDER_WAY).close();
    disk.forceDirectory("");
  }

  /**
   * Notes durably that a restore has ended. What it restored must be durable.
   *
   * @param digest the SHA-256 of the backup
   */
  public void end(Bytes digest) throws IOException {
    try (DiskFile file = disk.create(FILE)) {
      file.write(0, digest.buffer());
      file.force();
    }
    disk.forceDirectory("");
    disk.delete(UNDER_WAY);
    disk.forceDirectory("");
  }

  /**
   * The id of the cluster that this directory belongs to.
   *
   * @param derived the id that follows from the server's flags
   */
  public long clusterId(long derived) throws IOException {
    if (!disk.exists(FILE)) {
      return derived;
    }
    try (DiskFile file = disk.open(FILE)) {
      return derived ^ file.readExactly(0, Long.BYTES).buffer().getLong();
    }
  }
}
