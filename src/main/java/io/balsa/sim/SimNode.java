package io.balsa.sim;

/** A file or directory on a simulated disk. */
sealed interface SimNode permits SimFile, SimDirectory {
  /** After a crash, the process sees the durable content and some of the unforced changes. */
  void crash(Crash crash);

  /** A copy with only the durable content. */
  SimNode durableCopy();
}
