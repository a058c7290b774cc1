package io.balsa.cli;

import io.balsa.bytes.Told;
import io.balsa.host.Disk;
import io.balsa.node.DiskReserve;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server whose disk is full would end while it starts, and again whenever it is started. It waits
 * instead until there is room.
 */
final class DiskWait {
  private static final System.Logger LOG = System.getLogger("io.balsa");
  private static final long LOOK_MILLIS = 200;

  private DiskWait() {}

  /**
   * Returns when there is room to start; says once a minute that it waits.
   *
   * @param flag as {@link DiskReserve#of}
   * @param ending whether it is wished that the server end
   * @throws StartupFailure when that is wished first
   */
  static void until(Disk disk, long flag, BooleanSupplier ending)
      throws IOException, StartupFailure {
    long needed = DiskReserve.of(flag, disk.totalBytes()).toStart();
    Told told = new Told();
    for (long free = disk.freeBytes(); free < needed; free = disk.freeBytes()) {
      if (ending.getAsBoolean()) {
        throw new StartupFailure("ended as asked, before there was room on the disk");
      }
      if (told.happened(System.nanoTime()) > 0) {
        LOG.log(
            Level.WARNING,
            "waiting for room on the disk: {0} MiB are free in the data directory, and a start"
                + " needs {1} MiB",
            free >> 20,
            needed >> 20);
      }
      pause();
    }
  }

  private static void pause() throws StartupFailure {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupFailure("interrupted before there was room on the disk", e);
    }
  }
}
