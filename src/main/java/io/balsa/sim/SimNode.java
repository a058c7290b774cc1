package io.balsa.sim;

/** A file or directory on a simulated disk. */
sealed interface SimNode permits SimFile, SimDirectory {
  /** What is seen becomes what a crash leaves: everything durable, and of the rest some part. */
  void crash(Crash crash);

  /** A node with what is durable and nothing else. */
  SimNode durableCopy();
}
