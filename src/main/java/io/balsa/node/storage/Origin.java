package io.balsa.node.storage;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;

/**
 * Where a data directory comes from, when it was not empty at first: the backup it was restored
 * from. A cluster of such servers has an id of its own, so that servers of the old cluster, which
 * may have the same names and addresses, and those of the new one refuse each other.
 */
public final class Origin {
  /** Stands there while a restore is under way: what is beside it is not whole. */
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

  /** A restore begins, durably. */
  public void begin() throws IOException {
    disk.create(UNDER_WAY).close();
    disk.forceDirectory("");
  }

  /**
   * A restore has ended, and all of it is durable.
   *
   * @param digest the backup's
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
   * The id of the cluster that a server of this directory belongs to.
   *
   * @param derived the id that its flags give
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
