package io.balsa.server;

import io.balsa.host.Disk;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.node.DiskReserve;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Makes a server wait for free disk space at its start; without it, every start would fail. */
final class DiskWait {
  private static final LogEvent WAITING =
      LogEvent.warn(
          "io.balsa.server",
          "waiting for room on the disk",
          "free space on the disk of the data directory; the server then starts by itself");

  private static final long LOOK_MILLIS = 200;

  private DiskWait() {}

  /**
   * Returns when the disk has room for a start; logs once a minute that the server waits.
   *
   * @param flag as for {@link DiskReserve#of}
   * @param cancelled asked five times a second whether to give up
   * @throws ServerFailure when the start is cancelled first
   */
  static void until(Disk disk, long flag, BooleanSupplier cancelled)
      throws IOException, ServerFailure {
    long needed = DiskReserve.of(flag, disk.totalBytes()).toStart();
    RareLine waiting = new RareLine(WAITING);
    for (long free = disk.freeBytes(); free < needed; free = disk.freeBytes()) {
      if (cancelled.getAsBoolean()) {
        throw ServerFailure.asked("before there was room on the disk");
      }
      waiting.happened("free-mib", free >> 20, "needed-mib", needed >> 20);
      pause();
    }
  }

  private static void pause() throws ServerFailure {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerFailure("interrupted before there was room on the disk", e);
    }
  }
}
